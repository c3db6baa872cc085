// Six cards, four columns: who holds this duty? A card moves by mouse, by key or by its own menu; the menu is also the
// way on a touch screen. Every move is recorded at once. Python decides what fits and why.

const SORTER_TRAITS = ["cards", "columns", "facts", "round", "rounds", "mode"];
const POOL = { id: "", label: "Still to place" };
const NO_FACT = "It does not depend";

function render({ model, el }) {
  let answer = readAnswer();
  let sent = answer;
  let movedSinceCheck = new Set(); // what was said about a card is not about its new place
  let dragged = null;

  function readAnswer() {
    const { placements = {}, depends_on = {}, ...rest } = structuredClone(model.get("answer") ?? {});
    return { ...rest, placements, depends_on };
  }

  const cards = () => model.get("cards") ?? [];
  const places = () => [POOL, ...(model.get("columns") ?? [])];
  const placeOf = (id) => answer.placements[id] ?? "";
  const cardsIn = (place) => cards().filter(({ id }) => placeOf(id) === place);
  const placed = () => cards().filter(({ id }) => placeOf(id)).length;
  const feedbackOn = (id) => (model.get("mode") === "graded" || movedSinceCheck.has(id) ? null : model.get("feedback")?.[id]);
  const textOf = (id) => cards().find((card) => card.id === id)?.text ?? id;
  const checked = () => cards().some(({ id }) => model.get("feedback")?.[id]);

  function record(card) {
    sent = structuredClone(answer);
    card.send({ type: "record", answer: sent });
  }

  function move(card, id, place) {
    if (!card.usable() || placeOf(id) === place) return;
    if (place) answer.placements[id] = place;
    else {
      delete answer.placements[id];
      delete answer.depends_on[id]; // a card without a holder depends on nothing yet
    }
    movedSinceCheck.add(id);
    const { label } = places().find((one) => one.id === place);
    card.redraw();
    record(card);
    card.say(place ? `“${textOf(id)}”: now ${label}.` : `“${textOf(id)}”: back with the cards to place.`);
  }

  function setFact(card, id, fact) {
    if (fact) answer.depends_on[id] = fact;
    else delete answer.depends_on[id];
    movedSinceCheck.add(id);
    record(card);
    const { text } = model.get("facts").find((one) => one.id === fact) ?? { text: NO_FACT };
    card.say(`“${textOf(id)}”: ${text}`);
    card.redraw();
  }

  function onCardKey(card, event, id) {
    if (event.ctrlKey || event.altKey || event.metaKey || !card.usable()) return;
    const columns = places();
    const here = columns.findIndex((place) => place.id === placeOf(id));
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const look = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (/^[0-9]$/.test(event.key)) moveAndFollow(card, id, columns[Number(event.key)]?.id);
    else if (step) moveAndFollow(card, id, columns[here + step]?.id);
    else if (look) lookAt(card, id, look);
    else if (event.key === "Enter" || event.key === " ") openMenu(card, id);
    else return;
    event.preventDefault();
  }

  function moveAndFollow(card, id, place) {
    if (place === undefined) return;
    move(card, id, place);
    card.focus(`card:${id}`);
  }

  /** Up and down walk over all cards, as they are read: the pile first, then column by column. */
  function lookAt(card, id, by) {
    const order = places().flatMap((place) => cardsIn(place.id));
    const next = order[order.findIndex((one) => one.id === id) + by];
    if (next) card.focus(`card:${next.id}`);
  }

  /** Enter, a click or a touch on a card leads to its menu. */
  function openMenu(card, id) {
    if (!card.usable()) return;
    card.focus(`place:${id}`);
    try {
      document.activeElement.showPicker?.();
    } catch {
      // Not every browser lets a script open a menu; it has the focus, which is enough.
    }
  }

  function feedbackBlock(id) {
    const said = feedbackOn(id);
    if (!said) return null;
    const verdict = said.ok ? "right" : "wrong";
    const source = said.source ? h("p", { class: "tc-source" }, `Source: ${said.source}`) : null;
    return h("div", { class: "tc-said" }, mark(verdict, said.ok ? "Fits" : "Look again"), paragraphs(said.text), source);
  }

  function placeMenu(card, id, textId) {
    const options = places().map((place, at) => [place.id, at ? `${at}. ${place.label}` : place.label]);
    const change = (place) => move(card, id, place);
    return menu(card, { key: `place:${id}`, label: "Belongs to", options, value: placeOf(id), change, about: textId });
  }

  function factMenu(card, id, textId) {
    if (!placeOf(id) || !model.get("facts")?.length) return null;
    const options = [["", NO_FACT], ...model.get("facts").map((fact) => [fact.id, fact.text])];
    const change = (fact) => setFact(card, id, fact);
    const value = answer.depends_on[id];
    return menu(card, { key: `fact:${id}`, label: "Depends on which fact?", options, value, change, about: textId });
  }

  function dutyCard(card, { id, text }) {
    const textId = `${card.uid}-text-${id}`;
    const said = feedbackOn(id);
    // Not a <button>: Firefox does not start a drag from inside one.
    const grip = h("div", {
      role: "button", class: "tc-grip", key: `card:${id}`, id: textId, "aria-describedby": `${card.uid}-keys`,
      tabindex: card.usable() ? "0" : "-1", "aria-disabled": card.usable() ? null : "true",
      onclick: () => openMenu(card, id), onkeydown: (event) => onCardKey(card, event, id),
    }, text);
    const drag = {
      draggable: card.usable() ? "true" : "false",
      ondragstart: (event) => {
        dragged = id;
        event.dataTransfer.setData("text/plain", id);
        event.dataTransfer.effectAllowed = "move";
        event.stopPropagation(); // JupyterLab has its own use for drags
      },
      ondragend: () => {
        dragged = null;
      },
    };
    const props = { class: "tc-card", "data-mark": said ? (said.ok ? "right" : "wrong") : null, ...drag };
    return h("li", props, grip, placeMenu(card, id, textId), factMenu(card, id, textId), feedbackBlock(id));
  }

  function dropTarget(card, box, place) {
    const over = (event) => {
      if (dragged === null) return;
      event.preventDefault();
      event.stopPropagation();
      box.classList.add("tc-over");
    };
    box.addEventListener("dragenter", over);
    box.addEventListener("dragover", over);
    box.addEventListener("dragleave", (event) => {
      if (!box.contains(event.relatedTarget)) box.classList.remove("tc-over");
    });
    box.addEventListener("drop", (event) => {
      if (dragged === null) return;
      event.preventDefault();
      event.stopPropagation();
      move(card, dragged, place);
      dragged = null;
    });
    return box;
  }

  function column(card, place, at) {
    const here = cardsIn(place.id);
    const headId = `${card.uid}-place-${at}`;
    const name = at ? chairBadge(place) : h("span", { class: "tc-chair" }, place.label);
    const key = at ? h("kbd", {}, String(at)) : h("kbd", {}, "0");
    const head = h("p", { class: "tc-column-head", id: headId }, name, h("span", { class: "tc-count" }, String(here.length)), key);
    const empty = at ? "No card here yet." : "All cards are placed.";
    const list = here.length
      ? h("ul", { "aria-labelledby": headId }, here.map((one) => dutyCard(card, one)))
      : h("p", { class: "tc-empty" }, empty);
    const props = { class: at ? "tc-column" : "tc-column tc-pool", "data-place": place.id, "data-chair": place.id };
    return dropTarget(card, h("div", props, head, list), place.id);
  }

  function checkButton(card) {
    if (model.get("mode") === "graded") return null;
    const why = placed() ? null : "Place a card first.";
    return button(card, { key: "check", label: "Check this round", primary: true, why, press: () => card.send({ type: "check" }) });
  }

  function moreButton(card) {
    if ((model.get("round") ?? 1) >= (model.get("rounds") ?? 1)) return null;
    const graded = model.get("mode") === "graded";
    const ready = graded ? placed() === cards().length : checked();
    const why = graded ? "Place all cards of this round first." : "Check this round first.";
    return button(card, { key: "more", label: "Six more cards", why: ready ? null : why, press: () => card.send({ type: "more" }) });
  }

  function progressLine() {
    const counted = `${placed()} of ${cards().length} placed`;
    const rounds = model.get("rounds") ?? 1;
    return h("p", { class: "tc-progress" }, rounds > 1 ? `Round ${model.get("round")} of ${rounds} · ${counted}` : counted);
  }

  function changed(name, card) {
    if (name === "feedback") movedSinceCheck = new Set();
    // A late echo of an earlier move must not undo the move after it.
    if (name === "answer" && (same(readAnswer(), sent) || !card.expectsEcho())) answer = readAnswer();
    if (name !== "cards") return;
    movedSinceCheck = new Set();
    // New cards: whoever asked for them goes on with the first one.
    if (card.body.contains(document.activeElement)) card.focusNext = { key: `card:${cards()[0]?.id}`, caret: null };
  }

  function draw(card) {
    const [pool, ...columns] = places();
    const count = columns.length;
    const keys = `Drag a card, or use its menu. With the keyboard: 1 to ${count} places a card, 0 puts it back, left and right move it, up and down go to another card.`;
    return [
      progressLine(),
      h("p", { class: "tc-keys", id: `${card.uid}-keys` }, keys),
      column(card, pool, 0),
      h("div", { class: "tc-columns" }, columns.map((place, at) => column(card, place, at + 1))),
      h("div", { class: "tc-row tc-actions" }, checkButton(card), moreButton(card)),
    ];
  }
  return openCard({ model, el, className: "tc-sorter", traits: SORTER_TRAITS, draw, changed });
}

export default { render };
