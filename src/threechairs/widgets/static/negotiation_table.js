// Two sides, the issues between them, and a deal. What a side wants and counts arrives when it is asked why; Python alone
// knows what is good. The draft of the deal lives here until it is tried or recorded.

const TABLE_TRAITS = ["mode", "stem", "sides", "issues", "bounds", "bounds_later", "deals", "tried", "tries_left", "frontier"];
const BOUND_WORDS = { right: "Kept", wrong: "Broken", open: "Not settled yet" };

/** "+4", "−4" or "±0": what a change gives or costs. */
function signed(change) {
  return change > 0 ? `+${change}` : change < 0 ? `\u2212${-change}` : "\u00b10";
}

/** The first name of a side: "Marta, Facilities" is told as Marta where room is short. */
function shortName(side) {
  return side.name.split(",")[0];
}

function render({ model, el }) {
  let draft = { ...(model.get("answer")?.options ?? {}) };
  let sent = draft;
  const chartMemory = {};
  const live = {}; // the parts that follow the draft, drawn again while the menus keep their focus

  const sides = () => model.get("sides") ?? [];
  const issues = () => model.get("issues") ?? [];
  const graded = () => model.get("mode") === "graded";
  const missing = () => issues().filter((issue) => !draft[issue.id]);
  const isAsked = (side) => Boolean(side.points);
  const pointsOf = (side, issue, option) => side.points[issue.id][issue.options.findIndex((one) => one.id === option)];
  const worthOf = (side, options) => issues().reduce((sum, issue) => sum + (options[issue.id] ? pointsOf(side, issue, options[issue.id]) : 0), 0);
  const pairOf = (options) => sides().map((side) => worthOf(side, options));
  const triedAs = (options) => (model.get("tried") ?? []).find((one) => same(one.options, options));
  const textOf = (issue, option) => issue.options.find((one) => one.id === option)?.text ?? option;

  // ---- both sides

  function sidePanel(card, side) {
    const heading = h("p", { class: "tc-side-name" }, side.name);
    const position = h("p", { class: "tc-position" }, h("span", { class: "tc-label" }, "Says: "), `“${side.position}”`);
    if (!isAsked(side)) {
      const ask = { key: `ask:${side.id}`, label: "Ask why", name: `Ask why: ${side.name}` };
      return h("div", { class: "tc-side" }, heading, position, h("div", {}, button(card, { ...ask, press: () => card.send({ type: "ask", side: side.id }) })));
    }
    // The key is that of the button which was pressed: the focus goes on to what it brought.
    const why = h("div", { class: "tc-why", key: `ask:${side.id}`, tabindex: "-1" },
      h("p", {}, h("span", { class: "tc-label" }, "Why: "), side.interest),
      h("p", {}, h("span", { class: "tc-label" }, "Without a deal: "), side.alternative),
      h("p", {}, h("span", { class: "tc-label" }, `Signs from ${side.reservation} points on.`)));
    return h("div", { class: "tc-side" }, heading, position, why);
  }

  // ---- one issue

  function costTable(issue) {
    const known = sides().filter(isAsked);
    if (!known.length) return null;
    const chosen = draft[issue.id];
    const cell = (side, option) => {
      const points = pointsOf(side, issue, option);
      const change = chosen && chosen !== option ? ` (${signed(points - pointsOf(side, issue, chosen))})` : "";
      return h("td", {}, `${points}${change}`);
    };
    const rows = issue.options.map(({ id, text }) => {
      const here = id === chosen;
      const name = h("th", { scope: "row" }, text, here ? h("strong", {}, " (chosen)") : null);
      return h("tr", { class: here ? "tc-here" : "" }, name, known.map((side) => cell(side, id)));
    });
    const caption = h("caption", { class: "tc-hidden" }, `${issue.title}: points per side; in brackets, the change from the option chosen`);
    const head = h("tr", {}, h("td", {}), known.map((side) => h("th", { scope: "col" }, shortName(side))));
    return h("table", { class: "tc-costs" }, caption, h("thead", {}, head), h("tbody", {}, rows));
  }

  function issueRow(card, issue) {
    const options = [["", "Choose…"], ...issue.options.map(({ id, text }) => [id, text])];
    const change = (value) => {
      const { [issue.id]: _, ...others } = draft;
      draft = value ? { ...others, [issue.id]: value } : others;
      touched(card);
    };
    const picker = menu(card, { key: `issue:${issue.id}`, label: issue.title, options, value: draft[issue.id], change });
    const place = follow(`costs:${issue.id}`, () => costTable(issue));
    return h("li", { class: "tc-issue" }, picker, place);
  }

  // ---- what it is worth

  function bar(side, worth) {
    const most = issues().reduce((sum, issue) => sum + Math.max(...side.points[issue.id]), 0) || 1;
    const full = (value) => `${Math.max(0, Math.min(100, (100 * value) / most))}%`;
    const fill = h("span", { class: "tc-fill", style: `width: ${full(worth)}` });
    return h("span", { class: "tc-bar", "aria-hidden": "true" }, fill, h("span", { class: "tc-floor", style: `left: ${full(side.reservation)}` }));
  }

  function worthRow(side) {
    const complete = !missing().length;
    const known = triedAs(draft);
    const signs = isAsked(side) ? worthOf(side, draft) >= side.reservation : known?.signs[side.id];
    const verdict = complete && signs !== undefined ? mark(signs ? "right" : "wrong", signs ? "Would sign" : "Would not sign") : null;
    const name = h("p", {}, h("strong", {}, side.name), " ", verdict);
    if (!isAsked(side)) return h("li", {}, name, h("p", { class: "tc-quiet" }, "Ask why, and you see what this is worth to this side."));
    const worth = worthOf(side, draft);
    const gap = worth - side.reservation;
    const against = gap ? `${Math.abs(gap)} ${gap > 0 ? "above" : "below"}` : "just";
    return h("li", {}, name, bar(side, worth),
      h("p", {}, `${worth} points${complete ? "" : " so far"}: ${against} the ${side.reservation} to be had without a deal.`));
  }

  function worthPart() {
    return h("ul", { class: "tc-worths", "aria-label": "What the deal is worth" }, sides().map(worthRow));
  }

  function boundPart() {
    if (!model.get("bounds")?.length) {
      return model.get("bounds_later") ? h("p", { class: "tc-quiet" }, "Whom else it touches, you are told once you have tried a deal.") : null;
    }
    const rows = model.get("bounds").map(({ issue: id, allowed, why }) => {
      const state = !draft[id] ? "open" : allowed.includes(draft[id]) ? "right" : "wrong";
      const issue = issues().find((one) => one.id === id);
      return h("li", {}, h("p", {}, mark(state, BOUND_WORDS[state])), h("p", {}, why),
        h("p", { class: "tc-quiet" }, `Kept by: ${allowed.map((one) => `“${textOf(issue, one)}”`).join(" or ")}.`));
    });
    return [h("p", { class: "tc-label" }, "Not at the table"), h("ul", { class: "tc-bounds" }, rows)];
  }

  // ---- all deals

  function chartPart() {
    const [one, other] = sides();
    const deals = model.get("deals") ?? [];
    if (!deals.length) return h("p", { class: "tc-quiet" }, "Ask both sides why, and every possible deal appears here on a chart.");
    const line = model.get("frontier")?.points ?? [];
    const tried = (model.get("tried") ?? []).map(({ options }) => pairOf(options));
    const here = missing().length ? [] : [pairOf(draft)];
    const kept = deals.filter((deal) => deal.within);
    const broken = deals.filter((deal) => !deal.within);
    const worths = ({ x, y }) => [x, y];
    const signable = kept.filter((deal) => deal.x >= one.reservation && deal.y >= other.reservation);
    const sum = (some) => some.reduce((total, deal) => total + deal.count, 0);
    const bounded = broken.length ? " and keep the bounds" : "";
    const now = here.length ? ` Your deal gives ${here[0][0]} to ${shortName(one)} and ${here[0][1]} to ${shortName(other)}.` : "";
    const sentence = `There are ${sum(deals)} possible deals; ${sum(signable)} of them are right of and above both dashed lines${bounded}: both sides would sign those.${now}`;
    const isIn = (list, deal) => list.some(([x, y]) => x === deal.x && y === deal.y);
    const notes = (deal) => [isIn(here, deal) && "your deal", isIn(tried, deal) && "tried", isIn(line, deal) && deal.within && "on the frontier"];
    const rows = deals.map((deal) => [deal.x, deal.y, deal.count, deal.within ? "kept" : "broken", notes(deal).filter(Boolean).join(", ")]);
    const top = (axis) => Math.ceil(Math.max(...deals.map((deal) => deal[axis])) / 20) * 20;
    return drawChart({
      key: "chart", title: "Every possible deal, and what it is worth to both sides", sentence, memory: chartMemory,
      x: { label: `Points for ${one.name}`, min: 0, max: top("x") },
      y: { label: `Points for ${other.name}`, min: 0, max: top("y") },
      guides: [
        { axis: "x", at: one.reservation, label: `${shortName(one)} signs from ${one.reservation}` },
        { axis: "y", at: other.reservation, label: `${shortName(other)} signs from ${other.reservation}` },
      ],
      layers: [
        broken.length && { name: "Breaks a bound", shape: "cross", points: broken.map(worths) },
        { name: "A possible deal", shape: "dot", points: kept.map(worths) },
        line.length && { name: "The frontier", shape: "line", points: line, className: "tc-branded" },
        line.length && { name: "Deal on the frontier", shape: "square", points: line, className: "tc-branded" },
        tried.length && { name: "Tried", shape: "ring", points: tried, className: "tc-strong" },
        here.length && { name: "Your deal", shape: "diamond", points: here, className: "tc-strong", label: `Your deal (${here[0].join(", ")})` },
      ].filter(Boolean),
      table: { head: [shortName(one), shortName(other), "Deals", "Bounds", "Notes"], rows },
    });
  }

  function frontierPart(card) {
    if (graded() || !(model.get("deals") ?? []).length) return null;
    const { text } = model.get("frontier") ?? {};
    if (text) return h("div", { class: "tc-frontier", key: "frontier", tabindex: "-1" }, paragraphs(text));
    const left = model.get("tries_left") ?? 0;
    const why = left ? `Try ${left} more different ${left === 1 ? "deal" : "deals"} first.` : null;
    return h("div", { class: "tc-row" },
      button(card, { key: "frontier", label: "Show the frontier", why, press: () => card.send({ type: "frontier" }) }),
      why ? h("span", { class: "tc-quiet" }, why) : null);
  }

  function triedPart() {
    const tried = model.get("tried") ?? [];
    if (!tried.length) return null;
    const said = ({ signs, broken }) => [
      ...sides().map((side) => `${shortName(side)} ${signs[side.id] ? "would sign" : "would not sign"}`),
      ...(broken ? ["breaks a bound"] : []),
    ].join("; ");
    const rows = tried.map((one) => {
      const numbers = sides().every(isAsked) ? ` ${pairOf(one.options).join(" and ")} points.` : "";
      const words = issues().map((issue) => textOf(issue, one.options[issue.id])).join(" · ");
      return h("li", {}, h("p", {}, words), h("p", { class: "tc-quiet" }, `${said(one)}.${numbers}`));
    });
    return [h("p", { class: "tc-label" }, "Deals tried so far"), h("ol", { class: "tc-tried" }, rows)];
  }

  // ---- the deal as a whole

  function whenComplete(card, act) {
    if (!card.usable()) return;
    const [first] = missing();
    if (first) {
      card.say(`Not settled yet: ${first.title}.`);
      card.focus(`issue:${first.id}`);
      return;
    }
    act();
  }
  const offer = (card) => whenComplete(card, () => card.send({ type: "offer", options: draft }));
  const record = (card) => whenComplete(card, () => {
    sent = { ...draft };
    card.send({ type: "record", answer: { options: sent } });
  });

  function feedbackPart() {
    const looks = graded() ? [] : (model.get("feedback")?.looks ?? []);
    if (!looks.length) return null;
    const rows = looks.map((look) => h("li", {}, h("p", {}, mark(look.mark), ": ", h("strong", {}, look.name)), h("p", {}, look.text)));
    return h("div", { class: "tc-feedback" },
      h("p", { class: "tc-stale" }, "You have changed the deal since. This is about the one recorded."), h("ul", {}, rows));
  }

  function touched(card) {
    for (const [place, drawn] of Object.values(live)) place.replaceChildren(...[drawn()].flat().filter(Boolean));
    markChanged(card);
    if (missing().length || !sides().every(isAsked)) card.say("");
    else card.say(`${sides().map((side) => `${shortName(side)}: ${worthOf(side, draft)} of at least ${side.reservation} points`).join("; ")}.`);
  }
  function markChanged(card) {
    card.root.toggleAttribute("data-changed", !same(draft, model.get("answer")?.options ?? {}));
  }

  function adopt(name, card) {
    if (name !== "answer") return;
    const stored = model.get("answer")?.options ?? {};
    // The echo of what was just sent must not undo what the learner has changed since.
    if (!same(stored, sent) && !card.expectsEcho()) draft = { ...stored };
  }

  function follow(name, drawn, className) {
    live[name] = [h("div", { class: className }), drawn];
    return live[name][0];
  }

  function draw(card) {
    const parts = [
      model.get("stem") ? h("div", { class: "tc-stem" }, paragraphs(model.get("stem"))) : null,
      h("div", { class: "tc-sides" }, sides().map((side) => sidePanel(card, side))),
      h("div", { class: "tc-deal" },
        h("ul", { class: "tc-issues", "aria-label": "Issues to settle" }, issues().map((issue) => issueRow(card, issue))),
        h("div", { class: "tc-worth" },
          follow("worth", worthPart), follow("bounds", boundPart, "tc-absent"),
          h("div", { class: "tc-row tc-actions" },
            button(card, { key: "offer", label: "Try this deal", press: () => offer(card) }),
            button(card, { key: "record", label: "Record this deal", press: () => record(card), primary: true })),
          feedbackPart())),
      h("div", { class: "tc-all" },
        h("div", { class: "tc-plot" }, follow("chart", chartPart), frontierPart(card)), h("div", {}, triedPart())),
    ];
    for (const [place, drawn] of Object.values(live)) place.replaceChildren(...[drawn()].flat().filter(Boolean));
    markChanged(card);
    return parts;
  }
  return openCard({ model, el, className: "tc-negotiation", traits: TABLE_TRAITS, draw, changed: adopt });
}

export default { render };
