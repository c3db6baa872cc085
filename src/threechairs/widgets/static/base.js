// What every card shares. Python puts this file in front of one card's file and serves both as one module, so there
// are no imports and no exports here. All text reaches the page as text nodes: data can never become markup.

const SVG_NS = "http://www.w3.org/2000/svg";
const ASLEEP_AFTER_MS = 2500; // a kernel that is there says "awake" well before this
const ECHO_WITHIN_MS = 3000; // a reply this soon after a message may still be about the message before it
const SILENT_AFTER_MS = 6000; // no reaction to a message for this long: ask whether anybody is there
const ASLEEP_LINE = "This card is asleep. Run this cell again (or press Start at the top) to go on.";
const LOCKED_LINE = "This card is closed. What was recorded stays as it is.";
const COMMON_TRAITS = ["heading", "instructions", "status", "recorded", "answer", "feedback", "locked"];

// Drawn here, so that they look the same where no emoji font is installed. Each is a list of paths on a 24 x 24 grid.
const ICONS = {
  shield: ["M12 2.8 4.8 5.6v5.6c0 4.7 2.9 8.2 7.2 10 4.3-1.8 7.2-5.3 7.2-10V5.6z"],
  lock: ["M5.5 10.8h13v9.7h-13z", "M8.3 10.5V7.7a3.7 3.7 0 0 1 7.4 0v2.8", "M12 14.5v2.5"],
  gear: [
    "M12 5.6a6.4 6.4 0 1 0 0 12.8 6.4 6.4 0 0 0 0-12.8z",
    "M12 9.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
    "M12 5.6V2.4M12 21.6v-3.2M18.4 12h3.2M2.4 12h3.2M16.5 7.5l2.3-2.3M5.2 18.8l2.3-2.3M16.5 16.5l2.3 2.3M5.2 5.2l2.3 2.3",
  ],
  shared: ["M9 6.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z", "M15 6.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z"],
  right: ["M4.5 12.8 9.8 18 19.5 6.8"],
  partly: ["M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z", "M12 4.5a7.5 7.5 0 0 1 0 15z"],
  wrong: ["M6.2 6.2 17.8 17.8M17.8 6.2 6.2 17.8"],
  noted: ["M5 7h14M5 12h14M5 17h8"],
  open: ["M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z"],
  next: ["M4.5 12h14M13 6.2l5.8 5.8-5.8 5.8"],
  up: ["M12 19.5V5.5M6.2 11 12 5.2l5.8 5.8"],
  down: ["M12 4.5v14M6.2 13 12 18.8l5.8-5.8"],
};
const CHAIR_ICONS = { cso: "shield", ciso: "lock", cio: "gear", shared: "shared" };
const VERDICTS = { right: "Right", partly: "Partly right", wrong: "Not yet", noted: "Noted" };

/** Make an element. `on…` adds a listener, `key` names it for focus restoration, true/false set or leave out. */
function h(tag, props, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "key") made.dataset.key = value;
    else if (name === "value" || name === "checked") made[name] = value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A decorative drawing: the word beside it carries the meaning, so assistive technology skips it. */
function icon(name) {
  const svg = document.createElementNS(SVG_NS, "svg");
  for (const [attribute, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"], ["focusable", "false"]]) {
    svg.setAttribute(attribute, value);
  }
  svg.classList.add("tc-icon");
  for (const line of ICONS[name] ?? ICONS.open) {
    const path = document.createElementNS(SVG_NS, "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}

/** A chair is told by drawing, word and accent together, never by colour alone. */
function chairBadge({ id, label, icon: wanted }) {
  const drawing = ICONS[wanted] ? wanted : (CHAIR_ICONS[id] ?? "open");
  return h("span", { class: "tc-chair", "data-chair": id }, icon(drawing), h("span", {}, label));
}

/** "Right", "Partly right", "Not yet" or "Noted" with its drawing. */
function mark(verdict, word = VERDICTS[verdict]) {
  return word ? h("span", { class: "tc-mark", "data-mark": verdict }, icon(verdict), h("span", {}, word)) : null;
}

function paragraphs(text, className) {
  const parts = String(text ?? "").split(/\n\s*\n/).filter((part) => part.trim());
  return parts.map((part) => h("p", { class: className }, part.trim()));
}

/** A button. With `why` it stays reachable but does nothing except say why, so that the focus is never lost. */
function button(card, { key, label, press, primary, why, name, drawing }) {
  const onclick = () => (why ? card.say(why) : press());
  const props = { type: "button", class: primary ? "tc-button tc-primary" : "tc-button", key, onclick };
  const off = why ? "true" : null;
  return h("button", { ...props, "aria-disabled": off, "aria-label": name }, drawing ? icon(drawing) : null, label);
}

/** A native menu with a visible label; `about` is the id of a text that tells which thing the label is about. */
function menu(card, { key, label, options, value, change, about, hideLabel }) {
  const labelId = `${card.uid}-${key}-label`.replace(/\s/g, "-");
  const choices = options.map(([id, text]) => h("option", { value: id }, text));
  const named = { "aria-labelledby": about ? `${labelId} ${about}` : labelId };
  const select = h("select", { key, ...named, onchange: (event) => change(event.target.value) }, choices);
  select.value = value ?? "";
  return h("label", { class: "tc-menu" }, h("span", { id: labelId, class: hideLabel ? "tc-hidden" : "" }, label), select);
}

/** Whether two plain values are equal, whatever the order of their keys. */
function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && same(one[key], other[key]));
}

// JupyterLab reads a, b, x, digits and arrows as commands on the learner's cells. They stop here; with Ctrl, Alt or
// Meta a key passes, so that saving still works. JupyterLab hears a key on its way up, where it can be stopped.
// Notebook 7 hears it on its way down, before the card does, and looks at the focused element's attribute instead.
function keepKeysInside(root) {
  const isPlain = (event) => !event.ctrlKey && !event.altKey && !event.metaKey;
  const onWayDown = (event) => {
    if (root.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", isPlain(event));
  };
  root.addEventListener("keydown", (event) => {
    if (isPlain(event)) event.stopPropagation();
  });
  window.addEventListener("keydown", onWayDown, true);
  return () => window.removeEventListener("keydown", onWayDown, true);
}

/** Put the focus back where it was before a redraw. If that thing is gone, stay inside the card: on the page itself the
    learner's next key would be a command to JupyterLab. */
function restoreFocus(body, held) {
  const all = [...body.querySelectorAll("[data-key]")];
  const target = all.find((one) => one.dataset.key === held.key && !one.disabled) ?? body;
  target.focus({ preventScroll: true });
  if (held.caret !== null && target.setSelectionRange) target.setSelectionRange(held.caret, held.caret);
}

function heldFocus(body) {
  const active = document.activeElement;
  if (!body.contains(active)) return null;
  const caret = active.matches("input[type=text], textarea") ? active.selectionStart : null;
  return { key: active.dataset.key ?? "", caret };
}

/** The parts of a card that stay while its body is drawn again. */
function frame(model, uid, className) {
  const parts = {
    heading: h("p", { class: "tc-heading", id: `${uid}-heading` }),
    instructions: h("p", { class: "tc-instructions" }),
    notice: h("p", { class: "tc-notice", role: "status" }),
    body: h("div", { class: "tc-body", tabindex: "-1" }),
    status: h("p", { class: "tc-status", role: "status" }),
    recorded: h("p", { class: "tc-recorded" }),
  };
  // A group, not a region: a lesson has many cards, and landmarks of the same name help nobody to find a place.
  const props = { class: `tc ${className}`, role: "group", "aria-labelledby": `${uid}-heading` };
  return { root: h("div", props, Object.values(parts)), ...parts };
}

/** Build a card and keep it in step with its model.
    `draw(card)` returns the children of the body; `changed(name, card)` hears of a trait before the redraw.
    `isOnScreen(text)`: true for a status that the body shows already, so that it is only announced. */
function openCard({ model, el, className, traits, draw, changed, isOnScreen }) {
  const uid = `tc-${Math.random().toString(36).slice(2, 9)}`;
  const parts = frame(model, uid, className);
  const card = { model, uid, root: parts.root, body: parts.body, awake: false, focusNext: null };
  const timers = {};
  const listeners = [];
  let redrawQueued = false;

  card.expectsEcho = () => Date.now() - (card.sentAt ?? 0) < ECHO_WITHIN_MS;
  card.usable = () => card.awake && !model.get("locked");
  // The same sentence twice would be announced twice; screen readers hear a change once.
  card.say = (text) => {
    if (parts.status.textContent !== text) parts.status.textContent = text;
    parts.status.classList.toggle("tc-hidden", Boolean(isOnScreen?.(text)));
  };
  card.sayStatus = () => card.say(model.get("status") ?? "");

  function setText(part, text) {
    if (part.textContent !== text) part.textContent = text;
  }

  function drawFrame() {
    setText(parts.heading, model.get("heading") ?? "");
    setText(parts.instructions, model.get("instructions") ?? "");
    const recorded = (model.get("recorded") ?? "").replace(/^recorded:\s*/i, "");
    setText(parts.recorded, recorded ? `Recorded: ${recorded}` : "");
    if (model.get("locked") && card.awake) setText(parts.notice, LOCKED_LINE);
    else if (card.awake) setText(parts.notice, "");
  }

  // Every control needs the kernel; one that only looks alive would lose the learner's answer.
  function setControls() {
    const off = !card.usable();
    for (const control of parts.body.querySelectorAll("button, input, select, textarea")) control.disabled = off;
    parts.root.dataset.asleep = String(!card.awake);
  }

  card.redraw = () => {
    const held = card.focusNext ?? heldFocus(parts.body);
    card.focusNext = null;
    drawFrame();
    parts.body.replaceChildren(...draw(card).flat(Infinity).filter(Boolean));
    setControls();
    if (held) restoreFocus(parts.body, held);
  };
  card.focus = (key) => {
    restoreFocus(parts.body, { key, caret: null });
    document.activeElement.scrollIntoView({ block: "nearest" });
  };

  // Several traits often change together; one redraw serves them all.
  function redrawSoon() {
    if (redrawQueued) return;
    redrawQueued = true;
    queueMicrotask(() => {
      redrawQueued = false;
      card.redraw();
    });
  }

  function setAwake(awake) {
    clearTimeout(timers.asleep);
    if (!awake) setText(parts.notice, ASLEEP_LINE);
    if (awake === card.awake) return;
    card.awake = awake;
    redrawSoon();
  }

  function post(message) {
    try {
      model.send(message);
      return true;
    } catch {
      setAwake(false); // the kernel is gone: the connection refuses messages
      return false;
    }
  }

  function hello() {
    clearTimeout(timers.asleep);
    timers.asleep = setTimeout(() => setAwake(false), ASLEEP_AFTER_MS);
    post({ type: "hello" });
  }

  card.send = (message) => {
    if (!card.usable()) return;
    clearTimeout(timers.silent);
    card.sentAt = Date.now();
    if (post(message)) timers.silent = setTimeout(hello, SILENT_AFTER_MS);
  };

  function listen(name, heard) {
    model.on(name, heard);
    listeners.push([name, heard]);
  }
  function hearTrait(name) {
    clearTimeout(timers.silent);
    changed?.(name, card);
    if (name === "status") card.sayStatus();
    redrawSoon();
  }
  for (const name of [...COMMON_TRAITS, ...traits]) listen(`change:${name}`, () => hearTrait(name));
  listen("msg:custom", (message) => {
    clearTimeout(timers.silent);
    if (message?.type === "awake") setAwake(true);
  });

  const letKeysGo = keepKeysInside(parts.root);
  el.replaceChildren(parts.root);
  card.sayStatus();
  card.redraw();
  hello();
  return () => {
    listeners.forEach(([name, heard]) => model.off(name, heard));
    Object.values(timers).forEach(clearTimeout);
    letKeysGo();
  };
}
