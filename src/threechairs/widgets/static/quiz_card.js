// One practice or graded question. The learner's draft lives here until it is recorded; Python alone decides what is
// right, stores it, and sends back what may be shown.

const QUIZ_TRAITS = ["kind", "stem", "options", "reasons", "left", "right", "unit", "ask_confidence", "mode"]
  .concat(["hints_shown", "hints_left"]);
const LEGENDS = { one: "Choose one", several: "Choose all that apply" };
const NOTHING_YET = {
  one: "Choose an answer first.",
  several: "Choose at least one answer first.",
  order: "There is nothing to put in order.",
  number: "Write a number first.",
  match: "Match at least one pair first.",
  text: "Write something first.",
};
const CONFIDENCES = [50, 70, 90];

/** The number a learner meant, or null: thousands may be grouped by commas or spaces. For display only. */
function readNumber(text) {
  const plain = text.trim().replace(/\u2212/g, "-");
  const grouped = /^[-+]?\d{1,3}([, \u00a0\u202f]\d{3})+(\.\d+)?$/.test(plain);
  const bare = /^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain);
  return grouped || bare ? Number(plain.replace(/[, \u00a0\u202f]/g, "")) : null;
}

function showNumber(value) {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 10 });
}

/** A text in quotation marks, unless it already is one. */
function quoted(text) {
  return /^["“]/.test(text) ? text : `“${text}”`;
}

/** The draft that a recorded answer stands for. Numbers come back as numbers but are edited as text. */
function draftOf(model) {
  const draft = structuredClone(model.get("answer") ?? {});
  if (draft.number !== undefined) draft.number = String(draft.number);
  if (model.get("kind") === "order" && !draft.order) draft.order = model.get("options").map((step) => step.id);
  return draft;
}

/** The same answer in one form, so that 1,234.5 and 1234.5, or two orders of ticking, do not look like a change. */
function settled({ number, choices, pairs, ...rest }) {
  const plain = { ...rest };
  if (number !== undefined) plain.number = readNumber(String(number)) ?? number;
  if (choices?.length) plain.choices = [...choices].sort();
  if (pairs && Object.keys(pairs).length) plain.pairs = pairs;
  return plain;
}

function isEmpty(kind, draft) {
  if (kind === "several") return !draft.choices?.length;
  if (kind === "order") return !draft.order?.length;
  if (kind === "number") return !draft.number?.trim();
  if (kind === "text") return !draft.text?.trim();
  if (kind === "match") return !Object.values(draft.pairs ?? {}).some(Boolean);
  return !draft.choice;
}

function render({ model, el }) {
  let draft = draftOf(model);
  let sent = structuredClone(model.get("answer") ?? {});

  const feedback = () => (model.get("mode") === "graded" ? {} : (model.get("feedback") ?? {}));
  const replyTo = (id) => feedback().options?.[id];

  // A native control already shows the new choice; drawing it again would make screen readers say it twice.
  function touched(card) {
    card.sayStatus();
    markChanged(card);
  }
  function markChanged(card) {
    card.root.toggleAttribute("data-changed", !same(settled(draft), settled(draftOf(model))));
  }

  function choiceRow(card, { type, group, id, text, chosen, choose, reply }) {
    const describedBy = reply?.mark ? `${card.uid}-${group}-${id}-mark` : null;
    const props = { type, name: `${card.uid}-${group}`, key: `${group}:${id}`, "aria-describedby": describedBy };
    const input = h("input", { ...props, checked: chosen, onchange: (event) => choose(event.target.checked) });
    const verdict = reply?.mark ? h("span", { id: describedBy, class: "tc-after" }, mark(reply.mark)) : null;
    return h("div", { class: "tc-option" }, h("label", {}, input, h("span", {}, text)), verdict);
  }

  function oneOf(card, group, field, legend, choices, reply) {
    const rows = choices.map(({ id, text }) =>
      choiceRow(card, {
        type: "radio", group, id, text, chosen: draft[field] === id, reply: reply(id),
        choose: () => {
          draft[field] = id;
          touched(card);
        },
      }),
    );
    return h("fieldset", {}, h("legend", {}, legend), rows);
  }

  function severalOf(card) {
    const set = (id, chosen) => {
      const others = (draft.choices ?? []).filter((other) => other !== id);
      draft.choices = chosen ? [...others, id] : others;
      touched(card);
    };
    const rows = model.get("options").map(({ id, text }) => {
      const chosen = (draft.choices ?? []).includes(id);
      const choose = (checked) => set(id, checked);
      return choiceRow(card, { type: "checkbox", group: "choice", id, text, chosen, choose, reply: replyTo(id) });
    });
    return h("fieldset", {}, h("legend", {}, LEGENDS.several), rows);
  }

  function moveStep(card, id, by, text) {
    const from = draft.order.indexOf(id);
    const to = from + by;
    if (!card.usable() || to < 0 || to >= draft.order.length) return;
    draft.order.splice(to, 0, ...draft.order.splice(from, 1));
    card.redraw();
    touched(card);
    card.say(`“${text}” is now step ${to + 1} of ${draft.order.length}.`);
    document.activeElement.scrollIntoView({ block: "nearest" });
  }

  function stepRow(card, id, at) {
    const text = model.get("options").find((step) => step.id === id)?.text ?? id;
    const mover = (by, word, edge) =>
      button(card, {
        key: `step:${id}:${by}`, drawing: word, name: `Move ${word}: ${text}`,
        why: edge ? `“${text}” is already ${by < 0 ? "first" : "last"}.` : null,
        press: () => moveStep(card, id, by, text),
      });
    const onkeydown = (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      moveStep(card, id, by, text);
    };
    const movers = h("span", { class: "tc-movers" }, mover(-1, "up", at === 0), mover(1, "down", at === draft.order.length - 1));
    const words = h("span", { class: "tc-step-text" }, text, h("span", { class: "tc-after" }, mark(replyTo(id)?.mark)));
    return h("li", { class: "tc-step", onkeydown }, h("span", { class: "tc-step-number" }, `${at + 1}.`), words, movers);
  }

  function numberField(card) {
    const readAs = h("p", { class: "tc-quiet", id: `${card.uid}-read` });
    const showReading = () => {
      const typed = draft.number ?? "";
      const value = readNumber(typed);
      const meant = value === null ? "Not read as a number yet. Write for example 1,234.5 or 1234.5." : `Read as ${showNumber(value)}`;
      readAs.textContent = typed.trim() ? meant : "Write for example 1,234.5 or 1234.5.";
    };
    const oninput = (event) => {
      draft.number = event.target.value;
      showReading();
      touched(card);
    };
    const onkeydown = (event) => event.key === "Enter" && submit(card);
    const props = { type: "text", inputmode: "decimal", autocomplete: "off", key: "number", value: draft.number ?? "" };
    const unit = model.get("unit") ?? "";
    const unitId = `${card.uid}-unit`;
    const field = h("input", { ...props, id: `${card.uid}-number`, "aria-describedby": `${unitId} ${readAs.id}`, oninput, onkeydown });
    showReading();
    const label = h("label", { for: field.id, class: "tc-legend" }, "Your number");
    return h("div", { class: "tc-number" }, label, h("div", { class: "tc-row" }, field, h("span", { id: unitId }, unit)), readAs);
  }

  function textField(card) {
    const oninput = (event) => {
      draft.text = event.target.value;
      touched(card);
    };
    const field = h("textarea", { key: "text", rows: 5, id: `${card.uid}-text`, value: draft.text ?? "", oninput });
    return h("div", {}, h("label", { for: field.id, class: "tc-legend" }, "Your words"), field);
  }

  function matchRow(card, { id, text }) {
    const textId = `${card.uid}-left-${id}`;
    const change = (value) => {
      const { [id]: _, ...others } = draft.pairs ?? {};
      draft.pairs = value ? { ...others, [id]: value } : others;
      touched(card);
    };
    const options = [["", "Choose…"], ...model.get("right").map((one) => [one.id, one.text])];
    const picker = menu(card, {
      key: `match:${id}`, label: "goes with", options, value: draft.pairs?.[id], change, about: textId, hideLabel: true,
    });
    return h("li", { class: "tc-pair" }, h("span", { id: textId }, text), picker, mark(replyTo(id)?.mark));
  }

  function answerArea(card) {
    const kind = model.get("kind");
    if (kind === "several") return severalOf(card);
    if (kind === "order") return h("ol", { "aria-label": "Steps, first to last" }, draft.order.map((id, at) => stepRow(card, id, at)));
    if (kind === "number") return numberField(card);
    if (kind === "text") return textField(card);
    if (kind === "match") return h("ul", { "aria-label": "Pairs" }, model.get("left").map((left) => matchRow(card, left)));
    return oneOf(card, "choice", "choice", LEGENDS.one, model.get("options"), replyTo);
  }

  function reasonArea(card) {
    if (!model.get("reasons")?.length) return null;
    const reply = (id) => (id === model.get("answer")?.reason ? feedback().reason : null);
    return oneOf(card, "reason", "reason", "Because…", model.get("reasons"), reply);
  }

  function confidenceArea(card) {
    if (!model.get("ask_confidence")) return null;
    const choices = CONFIDENCES.map((percent) => ({ id: percent, text: `${percent} % sure` }));
    const area = oneOf(card, "confidence", "confidence", "How sure are you?", choices, () => null);
    area.classList.add("tc-confidence");
    return area;
  }

  function submit(card) {
    if (!card.usable()) return;
    if (isEmpty(model.get("kind"), draft)) return card.say(NOTHING_YET[model.get("kind")]);
    sent = structuredClone(draft);
    card.send({ type: model.get("mode") === "practice" ? "check" : "record", answer: sent });
  }

  function buttons(card) {
    const practice = model.get("mode") === "practice";
    const label = practice ? "Check" : "Record my answer";
    const left = model.get("hints_left") ?? 0;
    const hints = left > 0 || model.get("hints_shown")?.length;
    const ask = () => card.send({ type: "hint" });
    const hint = { key: "hint", label: left ? `Hint (${left} left)` : "No hints left", press: ask };
    return h("div", { class: "tc-row tc-actions" },
      button(card, { key: "submit", label, press: () => submit(card), primary: true }),
      practice && hints ? button(card, { ...hint, why: left ? null : "There are no more hints." }) : null);
  }

  function hintList() {
    const shown = model.get("hints_shown") ?? [];
    const rows = shown.map((text, at) => h("li", {}, h("strong", {}, `Hint ${at + 1}: `), text));
    return shown.length ? h("ul", { class: "tc-hints" }, rows) : null;
  }

  function replies() {
    const known = [...(model.get("options") ?? []), ...(model.get("left") ?? [])];
    const rows = Object.entries(feedback().options ?? {}).filter(([, { reply }]) => reply).map(([id, { mark: verdict, reply }]) => {
      const text = known.find((one) => one.id === id)?.text;
      return h("li", {}, text ? h("p", { class: "tc-quoted" }, mark(verdict), " ", quoted(text)) : mark(verdict), paragraphs(reply));
    });
    const reason = feedback().reason;
    if (reason?.reply) rows.push(h("li", {}, h("p", { class: "tc-quoted" }, mark(reason.mark), " ", "Your reason"), paragraphs(reason.reply)));
    return rows.length ? h("ul", { class: "tc-replies" }, rows) : null;
  }

  function feedbackPanel() {
    const { verdict, summary, best_case: bestCase } = feedback();
    if (!verdict && !summary) return null;
    const label = h("p", { class: "tc-label" }, "The best case for the other choice");
    const first = bestCase ? h("div", { class: "tc-best-case" }, label, paragraphs(bestCase)) : null;
    return h("div", { class: "tc-feedback", "data-mark": verdict },
      h("p", { class: "tc-stale" }, "You have changed your answer since. This was about the answer before."),
      first, h("p", { class: "tc-verdict" }, mark(verdict)), paragraphs(summary, "tc-summary"), replies());
  }

  function adopt(name, card) {
    if (name !== "answer" && name !== "kind" && name !== "options") return;
    // The echo of what was just sent must not undo what the learner has changed since.
    const stored = draftOf(model);
    if (name === "answer" && (same(settled(stored), settled(sent)) || card.expectsEcho())) return;
    draft = stored;
  }

  function draw(card) {
    markChanged(card);
    const question = h("div", { class: "tc-stem" }, paragraphs(model.get("stem")));
    return [question, answerArea(card), reasonArea(card), confidenceArea(card), buttons(card), hintList(), feedbackPanel()];
  }
  return openCard({ model, el, className: "tc-quiz", traits: QUIZ_TRAITS, draw, changed: adopt });
}

export default { render };
