// Ask a table without code: conditions, a grouping, what to work out, one button. Python does the counting and adding;
// it sends back the number, the sentence that says what was worked out, and a small table.

const MENU_TRAITS = ["stem", "unit", "table_name", "columns", "measures", "result", "filters", "group", "measure"];
const OPERATORS = ["is", "is not", "at least", "at most", "is empty"];

function render({ model, el }) {
  let filters = structuredClone(model.get("filters") ?? []);
  let group = model.get("group") ?? "";
  let measure = model.get("measure") ?? "";
  let typed = ""; // the number in the learner's own field
  let asked = { filters: structuredClone(filters), group, measure }; // what the result on screen is about
  let rowsMade = filters.length;
  filters.forEach((filter, at) => (filter.row = at)); // a name for each row, so that the focus finds it again

  const columns = () => model.get("columns") ?? [];
  const columnOf = (id) => columns().find((column) => column.id === id);
  const query = () => ({ filters: filters.map(({ row, ...filter }) => filter), group, measure });
  const measures = () => model.get("measures") ?? [];
  const askLabel = () => (measures().length > 1 ? "Work it out" : "Count");
  const isCurrent = () => same(query(), asked);

  function markChanged(card) {
    card.sayStatus();
    card.root.toggleAttribute("data-changed", !isCurrent());
  }

  function addFilter(card) {
    const first = columns()[0];
    if (!first) return;
    const row = rowsMade++;
    filters.push({ column: first.id, op: "is", value: first.values?.[0] ?? "", row });
    card.redraw();
    card.focus(`column:${row}`);
  }

  function dropFilter(card, filter) {
    const at = filters.indexOf(filter);
    filters.splice(at, 1);
    card.redraw();
    card.say(`Condition ${at + 1} removed. ${filters.length} left.`);
    const neighbour = filters[Math.min(at, filters.length - 1)];
    card.focus(neighbour ? `drop:${neighbour.row}` : "add");
  }

  function setColumn(card, filter, id) {
    filter.column = id;
    filter.value = columnOf(id)?.values?.[0] ?? "";
    card.redraw();
  }

  function setOperator(card, filter, op) {
    filter.op = op;
    // A chosen value and a typed one are edited differently; a bound may lie between the values that occur.
    if (op === "is empty") filter.value = "";
    else if ((op === "is" || op === "is not") && columnOf(filter.column)?.values) keepListed(filter);
    card.redraw();
  }

  function keepListed(filter) {
    const { values } = columnOf(filter.column);
    if (!values.some((value) => String(value) === String(filter.value))) filter.value = values[0] ?? "";
  }

  function valueField(card, filter, name) {
    if (filter.op === "is empty") return null;
    const listed = filter.op === "is" || filter.op === "is not" ? columnOf(filter.column)?.values : null;
    const key = `value:${filter.row}`;
    if (listed) {
      const options = listed.map((value, at) => [String(at), String(value) || "(empty)"]);
      const value = String(listed.findIndex((one) => String(one) === String(filter.value)));
      const change = (at) => {
        filter.value = listed[Number(at)];
        markChanged(card);
      };
      return menu(card, { key, label: "Value", options, value, change, about: name });
    }
    const oninput = (event) => {
      filter.value = event.target.value;
      markChanged(card);
    };
    const onkeydown = (event) => event.key === "Enter" && count(card);
    const labelId = `${card.uid}-${filter.row}-value`;
    const props = { type: "text", autocomplete: "off", key, value: String(filter.value ?? ""), oninput, onkeydown };
    const field = h("input", { ...props, "aria-labelledby": `${labelId} ${name}` });
    return h("label", { class: "tc-menu" }, h("span", { id: labelId }, "Value"), field);
  }

  function filterRow(card, filter, at) {
    const name = `${card.uid}-condition-${filter.row}`;
    const columnOptions = columns().map((column) => [column.id, column.label]);
    const parts = [
      h("span", { id: name, class: "tc-nth" }, `Condition ${at + 1}`),
      menu(card, {
        key: `column:${filter.row}`, label: "Column", options: columnOptions, value: filter.column, about: name,
        change: (id) => setColumn(card, filter, id),
      }),
      menu(card, {
        key: `op:${filter.row}`, label: "Test", options: OPERATORS.map((op) => [op, op]), value: filter.op, about: name,
        change: (op) => setOperator(card, filter, op),
      }),
      valueField(card, filter, name),
      button(card, {
        key: `drop:${filter.row}`, label: "Remove", name: `Remove condition ${at + 1}`, press: () => dropFilter(card, filter),
      }),
    ];
    return h("li", { class: "tc-filter" }, parts);
  }

  function count(card) {
    if (!card.usable()) return;
    asked = structuredClone(query());
    card.send({ type: "query", ...asked });
    card.redraw();
  }

  function groupMenu(card) {
    const options = [["", "No groups"], ...columns().map((column) => [column.id, column.label])];
    const change = (id) => {
      group = id;
      markChanged(card);
    };
    return menu(card, { key: "group", label: "Group by", options, value: group, change });
  }

  function measureMenu(card) {
    if (measures().length < 2) return null;
    const change = (id) => {
      measure = id;
      markChanged(card);
    };
    const options = measures().map(({ id, label }) => [id, label]);
    return menu(card, { key: "measure", label: "Work out", options, value: measure, change });
  }

  const show = (value) => (typeof value === "number" ? value.toLocaleString("en-GB", { maximumSignificantDigits: 10 }) : String(value ?? ""));

  function resultTable(card, { columns: heads, rows }) {
    if (!heads?.length || !rows?.length) return null;
    const isNumber = heads.map((_, at) => rows.every((row) => typeof row[at] === "number"));
    const kind = (at) => (isNumber[at] ? "tc-number" : null);
    const head = h("tr", {}, heads.map((text, at) => h("th", { scope: "col", class: kind(at) }, String(text))));
    const body = rows.map((row) => h("tr", {}, row.map((value, at) => h("td", { class: kind(at) }, show(value)))));
    const table = h("table", {}, h("thead", {}, head), h("tbody", {}, body));
    const name = `Result from the table ${model.get("table_name")}`;
    return h("div", { class: "tc-scroll", tabindex: "0", role: "group", "aria-label": name, key: "table" }, table);
  }

  function useButton(card, number) {
    const press = () => {
      if (!isCurrent()) card.say(`Press ${askLabel()} first: you have changed something.`);
      else card.send({ type: "record", answer: { number } });
    };
    return button(card, { key: "use", label: `Use ${show(number)} as my answer`, press });
  }

  function figure({ figure: number, measure: what, count: rows }) {
    if (number === null) return h("p", { class: "tc-figure" }, `There is no ${what} of no rows.`);
    const meant = what ? `is the ${what}` : rows === 1 ? "row" : "rows";
    return h("p", { class: "tc-figure" }, h("strong", {}, show(number)), ` ${meant}`);
  }

  function resultArea(card) {
    const result = model.get("result") ?? {};
    if (result.count === undefined || result.count === null) return null;
    const more = result.left_out ? h("p", {}, `${show(result.left_out)} more rows are counted and not shown.`) : null;
    const use = result.figure === null ? null : h("div", { class: "tc-row" }, useButton(card, result.figure));
    return h("div", { class: "tc-result" },
      h("p", { class: "tc-stale" }, `You have changed something since. Press ${askLabel()} for the new result.`),
      figure(result), h("p", {}, result.sentence ?? ""), resultTable(card, result), more, use);
  }

  // Not everything that can be read off a table is its one figure: a share, say.
  function ownNumber(card) {
    const record = () => {
      if (!typed.trim()) card.say("Write a number first.");
      else card.send({ type: "record", answer: { number: typed.trim() } });
    };
    const oninput = (event) => {
      typed = event.target.value;
      card.sayStatus();
    };
    const onkeydown = (event) => event.key === "Enter" && card.usable() && record();
    const unitId = `${card.uid}-unit`;
    const unit = model.get("unit") ?? "";
    const props = { type: "text", inputmode: "decimal", autocomplete: "off", key: "number", value: typed, oninput, onkeydown };
    const field = h("input", { ...props, "aria-describedby": unit ? unitId : null });
    return h("div", { class: "tc-row tc-own" },
      h("label", { class: "tc-menu" }, h("span", {}, "Or type your number"), field),
      unit ? h("span", { id: unitId, class: "tc-unit" }, unit) : null,
      button(card, { key: "record", label: "Record", name: "Record the number I typed", press: record }));
  }

  function changed(name, card) {
    if (name !== "filters" && name !== "group" && name !== "measure") return;
    const stored = { filters: model.get("filters") ?? [], group: model.get("group") ?? "", measure: model.get("measure") ?? "" };
    if (same(stored, asked) || card.expectsEcho()) return; // the echo of our own question
    filters = structuredClone(stored.filters).map((filter) => ({ ...filter, row: rowsMade++ }));
    group = stored.group;
    measure = stored.measure;
    asked = structuredClone(stored);
  }

  function draw(card) {
    card.root.toggleAttribute("data-changed", !isCurrent());
    const rows = filters.map((filter, at) => filterRow(card, filter, at));
    const none = h("p", { class: "tc-none" }, "No condition: every row counts.");
    return [
      h("div", { class: "tc-stem" }, paragraphs(model.get("stem"))),
      h("p", {}, "Table: ", h("strong", {}, model.get("table_name") ?? "")),
      rows.length ? h("ul", { class: "tc-filters", "aria-label": "Conditions" }, rows) : none,
      h("div", { class: "tc-row tc-ask" },
        button(card, { key: "add", label: "Add a condition", press: () => addFilter(card) }), groupMenu(card), measureMenu(card),
        button(card, { key: "count", label: askLabel(), primary: true, press: () => count(card) })),
      resultArea(card), ownNumber(card),
    ];
  }
  return openCard({ model, el, className: "tc-data", traits: MENU_TRAITS, draw, changed });
}

export default { render };
