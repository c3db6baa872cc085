// A story played scene by scene. Python alone knows the story: it sends what this chair may see now, and hears which
// step was chosen. Only what concerns the page alone lives here: the clock, a deal not offered yet, what is unfolded.

const PLAYER_TRAITS = ["mode", "stage"];
const ONCE_WITHIN_MS = 3000; // a second press this soon, with nothing heard in between, is a double click
const LONG_LIST = 6; // lines of a debrief that are shown unfolded
const HELD_ORDER = ["known", "suspected", "believed"];

function minutesAndSeconds(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function heading(card, text, key) {
  return h("p", { class: "tc-scene-title", role: "heading", "aria-level": 3, tabindex: "-1", key }, text);
}

function listOf(lines, className) {
  return lines?.length ? h("ul", { class: className }, lines.map((line) => h("li", {}, line))) : null;
}

function render({ model, el }) {
  const stage = () => model.get("stage") ?? {};
  const clock = { on: false, since: Date.now(), ticking: null };
  const unfolded = new Map();
  let draft = {};
  let sceneKey = "";
  let pressedAt = 0;
  let followFocus = false;

  const keyOf = ({ phase, chair, step, scene }) => [phase, chair?.id, step, scene?.id].join("/");

  /** Send once: a double click is one choice. */
  function act(card, message) {
    if (!card.usable() || Date.now() - pressedAt < ONCE_WITHIN_MS) return;
    pressedAt = Date.now();
    followFocus = true;
    card.send({ at: stage().step ?? 0, ...message });
  }

  function fold(card, key, title, open, ...inside) {
    const shown = unfolded.get(key) ?? open;
    const ontoggle = (event) => unfolded.set(key, event.target.open);
    return h("details", { class: "tc-fold", open: shown, ontoggle }, h("summary", { key: `fold:${key}` }, title), inside);
  }

  // ---- before a play, and after one

  function chairChoice(card, title) {
    const { chairs, further } = stage();
    if (!chairs?.length) return null;
    const rows = chairs.map(({ id, label, sentence, played }) => {
      const seat = h("span", { id: `${card.uid}-seat-${id}` }, sentence, played ? h("em", {}, ` (${played})`) : null);
      const sit = button(card, { key: `chair:${id}`, label: chairBadge({ id, label }), press: () => act(card, { type: "start", chair: id }) });
      sit.setAttribute("aria-describedby", seat.id);
      return h("li", {}, sit, seat);
    });
    return h("div", { class: "tc-chairs" }, heading(card, title, "choose"), further ? h("p", {}, further) : null, h("ul", {}, rows));
  }

  function otherChairs(card) {
    const { chairs, chair, step } = stage();
    if (step || !chairs?.length) return null;
    const others = chairs.filter(({ id }) => id !== chair.id).map(({ id, label }) =>
      button(card, { key: `chair:${id}`, label: chairBadge({ id, label }), name: `Take the chair of the ${label} instead`, press: () => act(card, { type: "start", chair: id }) }));
    return others.length ? h("div", { class: "tc-row" }, h("span", {}, "Or take another chair:"), others) : null;
  }

  // ---- during a play

  function lastStep() {
    const { last } = stage();
    if (!last) return null;
    const over = last.overreach.map((why) => h("p", { class: "tc-overreach" }, mark("wrong", "Overreach"), " ", why));
    return h("div", { class: "tc-last" }, h("p", { class: "tc-label" }, "What just happened"),
      h("p", { class: "tc-chosen" }, "You chose: ", h("strong", {}, last.choice)),
      over, last.replies.map((reply) => paragraphs(reply)), listOf(last.news, "tc-news"));
  }

  function sceneText(card) {
    const { scene, chair } = stage();
    const when = h("p", { class: "tc-when" }, chairBadge(chair), scene.time ? h("span", {}, scene.time) : null,
      scene.inject ? h("span", { class: "tc-inject" }, icon("next"), "News from outside") : null);
    return h("div", { class: "tc-scene" }, when, heading(card, scene.title, "scene"), paragraphs(scene.text));
  }

  function meters() {
    const rows = (stage().meters ?? []).map(({ label, words, good, share }) =>
      h("li", {}, h("span", { class: "tc-meter-label" }, label), h("span", {}, `${words} `, h("span", { class: "tc-quiet" }, `(${good})`)),
        h("span", { class: "tc-gauge", "aria-hidden": "true" }, h("span", { style: `width: ${Math.round(share * 100)}%` }))));
    return rows.length ? h("ul", { class: "tc-meters", "aria-label": "What you watch" }, rows) : null;
  }

  function knowledge(card) {
    const facts = stage().facts ?? [];
    const groups = HELD_ORDER.map((sure) => facts.filter((fact) => fact.sure === sure)).filter((group) => group.length);
    const told = groups.map((group) => h("div", {}, h("p", { class: "tc-label" }, group[0].words), listOf(group.map((fact) => fact.text))));
    const count = `${facts.length} ${facts.length === 1 ? "thing" : "things"}`;
    return facts.length ? fold(card, "facts", `What you know, and how surely (${count})`, false, told) : null;
  }

  function clockRow(card) {
    const face = h("span", { role: "timer", "aria-live": "off", class: "tc-clock" });
    const tick = () => {
      face.textContent = clock.on ? `${minutesAndSeconds(Date.now() - clock.since)} in this scene; it counts for nothing.` : "";
    };
    clearInterval(clock.ticking);
    if (clock.on) clock.ticking = setInterval(tick, 1000);
    tick();
    const press = () => {
      clock.on = !clock.on;
      card.redraw();
    };
    const toggle = button(card, { key: "clock", label: "Show a clock", press });
    toggle.setAttribute("aria-pressed", String(clock.on));
    return h("div", { class: "tc-row tc-clock-row" }, toggle, face);
  }

  function options(card) {
    const { options: open, scene } = stage();
    if (!open?.length) return null;
    const rows = open.map(({ id, text }) =>
      h("li", {}, button(card, { key: `option:${id}`, label: h("span", {}, text), press: () => act(card, { type: "take", take: { scene: scene.id, option: id } }) })));
    return h("div", { class: "tc-choices" }, h("p", { class: "tc-label", id: `${card.uid}-do` }, "What do you do?"), h("ul", { "aria-labelledby": `${card.uid}-do` }, rows));
  }

  function offer(card) {
    const { table, scene } = stage();
    const open = table.issues.find(({ id }) => !draft[id]);
    if (open) {
      card.say(`Settle every issue first: “${open.title}” is open.`);
      return card.focus(`issue:${open.id}`);
    }
    return act(card, { type: "take", take: { scene: scene.id, deal: { ...draft } } });
  }

  function dealTable(card) {
    const { table } = stage();
    if (!table) return null;
    const change = (issue) => (value) => {
      draft[issue] = value;
    };
    const rows = table.issues.map(({ id, title, options: choices }) =>
      menu(card, { key: `issue:${id}`, label: title, options: [["", "Choose…"], ...choices.map((one) => [one.id, one.text])], value: draft[id], change: change(id) }));
    return h("div", { class: "tc-table" }, h("p", { class: "tc-label" }, table.title), paragraphs(table.invitation), h("ul", {}, table.sides.map((side) => h("li", {}, side))), h("div", { class: "tc-issues" }, rows),
      h("div", { class: "tc-row" }, button(card, { key: "offer", label: "Offer this", primary: true, press: () => offer(card) })));
  }

  function movements(card) {
    if (!stage().back) return null;
    const anew = () => act(card, { type: "start", chair: stage().chair.id });
    return h("div", { class: "tc-row tc-actions" },
      button(card, { key: "back", label: "Go back one step", drawing: "up", press: () => act(card, { type: "back" }) }),
      stage().phase === "play" ? button(card, { key: "anew", label: "Begin anew", press: anew }) : null);
  }

  // ---- after an ending

  function verdict({ id, name, worth, reason }) {
    const isBroken = worth === "missed" || worth.startsWith("broken");
    const drawn = worth === "kept" ? "right" : isBroken ? "wrong" : "partly";
    return h("li", {}, h("p", { class: "tc-test" }, h("strong", {}, `${id} ${name}`), mark(drawn, worth)), h("p", {}, reason));
  }

  /** A part of the debrief; a long list is folded, so that what was judged is not many screens away. */
  function debrief(card) {
    const { ending, debrief: parts } = stage();
    if (!ending) return null;
    const told = (parts ?? []).map(({ title, lines, reasons, tests }) => lines.length > LONG_LIST
      ? fold(card, `part:${title}`, `${title} (${lines.length})`, false, listOf(lines, "tc-lines"))
      : h("div", { class: "tc-part" }, h("p", { class: "tc-label", role: "heading", "aria-level": 4 }, title), listOf(lines, "tc-lines"),
        reasons?.length ? fold(card, `why:${title}`, `How it would be judged (${reasons.length})`, false, listOf(reasons, "tc-lines")) : null,
        tests?.length ? h("ul", { class: "tc-tests" }, tests.map(verdict)) : null));
    return h("div", { class: "tc-debrief" }, h("p", { class: "tc-ending" }, "The end: ", h("strong", {}, ending.title)), told);
  }

  function path(card, { title, scenes }) {
    const visited = scenes.map((scene) => {
      const others = scene.others.map((other) => h("li", { class: "tc-quiet" }, "Not taken: ", other));
      return h("li", {}, scene.title, h("ul", {}, h("li", {}, "Taken: ", h("strong", {}, scene.chosen)), others));
    });
    return h("li", {}, visited.length ? fold(card, `path:${title}`, title, false, h("ol", {}, visited)) : title);
  }

  function paths(card) {
    const played = stage().paths ?? [];
    return played.length ? fold(card, "paths", "Paths taken and not taken", false, h("ul", { class: "tc-paths" }, played.map((one) => path(card, one)))) : null;
  }

  function draw(card) {
    const { phase, commit, practice, misfit, step, chair, summary } = stage();
    if (keyOf(stage()) !== sceneKey) {
      sceneKey = keyOf(stage());
      draft = {};
      clock.since = Date.now();
      unfolded.delete("brief");
    }
    if (phase === "choose" || phase === "misfit") {
      clearInterval(clock.ticking);
      const unfit = misfit ? h("p", { class: "tc-misfit" }, mark("partly", "Changed"), " ", misfit, " Nothing of it is lost; you can begin anew.") : null;
      return [paragraphs(summary), unfit, commit ? h("p", { class: "tc-commit" }, commit) : null,
        chairChoice(card, misfit ? "Begin anew from a chair" : "Choose a chair"), paths(card)];
    }
    const brief = fold(card, "brief", `Your brief as ${chair.label}`, !step, paragraphs(chair.brief));
    const once = commit && !step ? h("p", { class: "tc-commit" }, commit) : null;
    const unmarked = practice ? h("p", { class: "tc-practice" }, practice) : null;
    if (phase === "ended") {
      clearInterval(clock.ticking);
      const nextChair = chairChoice(card, "Play another chair");
      return [unmarked, lastStep(), sceneText(card), meters(), debrief(card), movements(card), nextChair, knowledge(card), brief, paths(card)];
    }
    return [unmarked, lastStep(), step ? null : brief, step ? null : otherChairs(card), once, sceneText(card), meters(), knowledge(card), options(card),
      dealTable(card), movements(card), step ? brief : null, paths(card), clockRow(card)];
  }

  /** A new scene begins at the top of the card, with what just happened above it. */
  function bringUp(card) {
    const { top } = card.body.getBoundingClientRect();
    if (top < 100 || top > window.innerHeight / 2) card.body.scrollIntoView({ block: "start" });
  }

  /** The focus goes to the new scene only where this page asked for it: a step taken by a code cell leaves it alone. */
  function changed(name, card) {
    if (name !== "stage" && name !== "status") return;
    pressedAt = 0;
    if (name !== "stage" || !followFocus) return;
    followFocus = false;
    card.focusNext = { key: "scene", caret: null };
    requestAnimationFrame(() => bringUp(card));
  }

  // What the last step brought about stands at the top of the card; at its foot it would stand there twice.
  const isOnScreen = (text) => text !== "" && text === stage().last?.said;
  const close = openCard({ model, el, className: "tc-player", traits: PLAYER_TRAITS, draw, changed, isOnScreen });
  return () => {
    clearInterval(clock.ticking);
    close();
  };
}

export default { render };
