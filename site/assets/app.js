"use strict";
// Events and Statements: one selection, kept in the address, drives counts, table, timeline, map or matrix, download and citation.
(() => {
  const page = document.getElementById("explorer");
  const EVENTS = page.dataset.table === "events";
  const PER_PAGE = 100;
  const LANES = 16; // rows of bands above the bars
  const $ = (id) => document.getElementById(id);

  // --- small helpers -----------------------------------------------------------------------------------------------
  // Text from the data only ever becomes text nodes and attribute values, never markup.
  const SVG = "http://www.w3.org/2000/svg";
  const fill = (node, attributes, children) => {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  };
  const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
  const words = (term) => term.split("_").map((word) => ICD.acronyms[word] || word).join(" ");
  const plural = (n, one) => `${number(n)} ${one}${n === 1 ? "" : "s"}`;
  const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const day = (date) => {
    const [y, m, d] = date.split("-");
    return [d && Number(d), m && MONTHS[m - 1], y].filter(Boolean).join(" ");
  };
  const monthEnd = (y, m) => new Date(Date.UTC(y, m, 0)).getUTCDate();
  const padded = (date, last) => {
    const [y, m, d] = date.split("-");
    if (d) return date;
    if (!last) return `${y}-${m || "01"}-01`;
    return `${y}-${m || "12"}-${m ? monthEnd(Number(y), Number(m)) : "31"}`;
  };
  const span = (start, end, precision) => {
    if (precision === "day") return start === end ? day(start) : `${day(start)} – ${day(end)}`;
    const [y, m] = end.split("-");
    if (start.slice(0, 7) === end.slice(0, 7) && start.endsWith("-01") && end.endsWith(`-${monthEnd(Number(y), Number(m))}`)) return `${day(start.slice(0, 7))}, day not known`;
    if (start.slice(0, 4) === y && start.endsWith("-01-01") && end.endsWith("-12-31")) return `${y}, day not known`;
    if (start === end) return `about ${day(start)}`;
    return `between ${start.slice(0, 7) === end.slice(0, 7) ? Number(start.slice(8)) : day(start)} and ${day(end)}`;
  };
  const period = (tie) => (tie.start || tie.end ? `${tie.start ? day(tie.start) : "start not known"} – ${tie.end ? day(tie.end) : "end not known or not ended"}` : "dates not known");
  const group = (rows, column) => {
    const found = new Map();
    for (const row of rows) (found.get(row[column]) || found.set(row[column], []).get(row[column])).push(row);
    return found;
  };

  // --- tables ------------------------------------------------------------------------------------------------------
  const cache = {};
  const table = (name) =>
    (cache[name] ||= ICD.tables[name].rows.map((cells) => Object.fromEntries(ICD.tables[name].columns.map((column, i) => [column, cells[i]]))));
  const keyed = (name) => new Map(table(name).map((row) => [Object.values(row)[0], row]));
  const actors = keyed("actors"), places = keyed("locations"), episodes = keyed("episodes");
  const names = group(table("names"), "record_id");
  const label = (id) => (actors.get(id) || places.get(id) || {}).name || (episodes.get(id) || {}).title || id;
  const spellings = (id) => [label(id), ...(names.get(id) || []).map((row) => row.name)];
  const countries = new Map(table("locations").filter((row) => row.kind === "country").map((row) => [row.country, row.name]));
  const divisions = new Map(table("locations").filter((row) => row.kind === "governorate").map((row) => [row.admin1, row]));
  const children = group(table("locations"), "parent_id");
  const within = (id, found = new Set()) => {
    found.add(id);
    for (const child of children.get(id) || []) within(child.location_id, found);
    return found;
  };

  const parts = EVENTS ? group(table("participants"), "event_id") : new Map();
  const positions = EVENTS ? new Map() : group(table("positions"), "statement_id");
  const joint = EVENTS ? new Map() : group(table("statement_speakers"), "statement_id");

  // A record: the row, who takes part and as what, the dates it could lie between, and (when first searched) its text.
  const records = table(page.dataset.table).map((row) => {
    const id = Object.values(row)[0];
    const start = row.start_date || row.date, end = row.end_date || row.date;
    const place = EVENTS ? places.get(row.location_id) : null;
    const who = EVENTS
      ? (parts.get(id) || []).map((part) => [part.actor_id, part.role])
      : [[row.speaker_id, "speaker"], [row.on_behalf_of_id, "speaker"], ...(joint.get(id) || []).flatMap((s) => [[s.actor_id, "speaker"], [s.on_behalf_of_id, "speaker"]]), ...(positions.get(id) || []).map((p) => [p.actor_id, "stance"])].filter(([actor]) => actor);
    return { id, row, start, end, place, who, exact: row.date_precision === "day" };
  });
  records.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.id < b.id ? -1 : 1));
  records.forEach((record, i) => { record.i = i; });
  const when = (record) => span(record.start, record.end, record.row.date_precision);
  const claimed = (record) => record.row.confirmation === "claimed_only";
  const discounted = (record) => record.row.confirmation === "discounted";
  const tally = (list) => {
    let known = 0, only = 0, off = 0;
    for (const record of list) discounted(record) ? off++ : claimed(record) ? only++ : known++;
    return { known, only, off };
  };
  const said = ({ known, only, off }) => (EVENTS ? `${number(known)} confirmed or reported · ${number(only)} claimed only${off ? ` · ${off} discounted` : ""}` : number(known));
  const text = (record) => {
    if (record.text === undefined) {
      const ids = [...new Set(record.who.map(([actor]) => actor))];
      for (let place = record.place; place; place = places.get(place.parent_id)) ids.push(place.location_id);
      const { row } = record;
      record.text = [record.id, row.title || "", row.summary, label(row.episode_id), words(row.kind || row.act), ...ids.flatMap(spellings)].map(ICDnormal).join(" | ");
    }
    return record.text;
  };

  // --- facets ------------------------------------------------------------------------------------------------------
  const FACETS = EVENTS
    ? [
        ["category", "Category", (r) => [r.row.category], "event_category"],
        ["kind", "Kind", (r) => [r.row.kind], "event_kind"],
        ["confirmation", "Confirmation", (r) => [r.row.confirmation], "confirmation"],
        ["disputed", "Disputed", (r) => [r.row.disputed], "disputed"],
        ["landmark", "Landmark", (r) => [r.row.landmark === "true" ? "yes" : "no"]],
        ["country", "Country", (r) => [r.place ? r.place.country || "across_borders" : "no_place"]],
        ["division", "Governorate", (r) => (r.place && divisions.has(r.place.admin1) ? [r.place.admin1] : [])],
        ["episode", "Course of events", (r) => [r.row.episode_id || "none"]],
        ["outcome", "Outcome of fire", (r) => (r.row.outcome ? [r.row.outcome] : []), "event_outcome"],
      ]
    : [
        ["act", "Act", (r) => [r.row.act], "statement_act"],
        ["issue", "Issue", (r) => [...new Set((positions.get(r.id) || []).map((p) => p.issue))], "position_issue"],
        ["stance", "Stance", (r) => [...new Set((positions.get(r.id) || []).map((p) => p.stance))], "position_stance"],
        ["bloc", "Side of the speaker", (r) => [(actors.get(r.row.on_behalf_of_id || r.row.speaker_id) || {}).bloc].filter(Boolean), "actor_bloc"],
        ["speaker", "Speaker", (r) => [r.row.speaker_id]],
        ["episode", "Course of events", (r) => [r.row.episode_id || "none"]],
        ["channel", "Channel", (r) => [r.row.channel], "statement_channel"],
        ["attribution", "Attribution", (r) => [r.row.attribution], "statement_attribution"],
      ];
  const facetLabel = (key, value) => {
    if (key === "country") return countries.get(value) || words(value);
    if (key === "division") return divisions.get(value).name;
    if (key === "episode" || key === "speaker") return value === "none" ? "none" : label(value);
    return words(value);
  };
  for (const record of records) record.facets = FACETS.map(([, , values]) => values(record));

  // --- the selection -----------------------------------------------------------------------------------------------
  const SINGLE = ["q", "from", "to", "actor", "ties", "role", "place", "sort", "page"];
  const isDate = (value) => /^\d{4}-\d{2}-\d{2}$/.test(value || "");
  const read = () => {
    const query = new URLSearchParams(location.search);
    const state = Object.fromEntries(SINGLE.map((key) => [key, query.get(key) || ""]));
    for (const key of ["from", "to"]) if (!isDate(state[key])) state[key] = "";
    state.facets = FACETS.map(([key]) => new Set(query.getAll(key)));
    return state;
  };
  const address = (state) => {
    const query = new URLSearchParams();
    for (const key of SINGLE) if (state[key]) query.set(key, state[key]);
    FACETS.forEach(([key], i) => state.facets[i].forEach((value) => query.append(key, value)));
    const said = query.toString();
    return location.pathname.split("/").pop() + (said ? `?${said}` : "");
  };
  const changed = (change) => {
    const next = { ...state, page: "", ...change };
    next.facets = change.facets || state.facets.map((set) => new Set(set));
    return next;
  };
  let state;

  // Who counts in with an actor: member → whole, brand → group, holder → office, as far as the dates of the ties reach.
  const reach = (actor, ties) => {
    const found = new Map([[actor, [{ from: "", to: "9999", path: [] }]]]);
    if (ties === "exact") return found;
    const queue = [{ id: actor, from: "", to: "9999", path: [] }];
    const incoming = reach.index ||= group(table("affiliations").filter((tie) => ICD.ties.includes(tie.relation)), "related_actor_id");
    const umbrellas = reach.umbrellas ||= group(table("affiliations").filter((tie) => tie.relation === "umbrella_of"), "related_actor_id");
    while (queue.length) {
      const here = queue.shift();
      const steps = [...(incoming.get(here.id) || []), ...(ties === "umbrellas" ? umbrellas.get(here.id) || [] : [])];
      for (const tie of steps) {
        const from = tie.start && padded(tie.start) > here.from ? padded(tie.start) : here.from;
        const to = tie.end && padded(tie.end, true) < here.to ? padded(tie.end, true) : here.to;
        if (from > to || here.path.length > 3 || tie.actor_id === actor || here.path.includes(tie)) continue;
        const step = { id: tie.actor_id, from, to, path: [...here.path, tie] };
        (found.get(tie.actor_id) || found.set(tie.actor_id, []).get(tie.actor_id)).push(step);
        queue.push(step);
      }
    }
    return found;
  };

  // The tests other than facets; each record keeps why it is in: a tie, or a date that only overlaps.
  const tests = (state) => {
    const list = [];
    const query = ICDnormal(state.q).split(" ").filter(Boolean);
    if (query.length) list.push((r) => query.every((word) => text(r).includes(word)));
    if (state.from) list.push((r) => r.end >= state.from);
    if (state.to) list.push((r) => r.start <= state.to);
    if (state.place) {
      const inside = within(state.place);
      list.push((r) => r.place && inside.has(r.place.location_id));
    }
    if (state.actor || state.role) {
      const found = state.actor ? reach(state.actor, state.ties) : null;
      list.push((r) => {
        for (const [actor, role] of r.who) {
          if (state.role && role !== state.role) continue;
          if (!found) return true;
          const way = (found.get(actor) || []).find((step) => step.from <= r.end && step.to >= r.start);
          if (way) {
            if (!way.path.length) { r.through = null; return true; }
            r.through ||= way.path;
          }
        }
        return Boolean(found && r.through);
      });
    }
    return list;
  };
  const select = (state) => {
    const list = tests(state);
    const wanted = state.facets.map((set) => set.size > 0);
    const counts = FACETS.map(() => new Map());
    const found = [];
    for (const record of records) {
      record.through = null;
      if (!list.every((test) => test(record))) continue;
      let missed = -1, misses = 0;
      for (let i = 0; i < FACETS.length && misses < 2; i++) {
        if (wanted[i] && !record.facets[i].some((value) => state.facets[i].has(value))) { misses++; missed = i; }
      }
      if (!misses) found.push(record);
      // a facet's own counts are those of the records that all the other facets let through
      if (misses < 2) {
        for (let i = 0; i < FACETS.length; i++) {
          if (misses && i !== missed) continue;
          for (const value of record.facets[i]) {
            const count = counts[i].get(value) || counts[i].set(value, [0, 0]).get(value);
            count[EVENTS && claimed(record) ? 1 : 0] += EVENTS && discounted(record) ? 0 : 1;
          }
        }
      }
    }
    return { found, counts };
  };

  // --- filters in words ----------------------------------------------------------------------------------------------
  const tiesInWords = { "": "with its members, brands and office-holders", umbrellas: "with its members, brands, office-holders and umbrella names", exact: "alone" };
  const filters = (state) => {
    const list = [];
    const add = (said, change) => list.push({ said, change });
    if (state.q) add(`text “${state.q}”`, { q: "" });
    if (state.from || state.to) add(`possible dates ${state.from && state.to ? `${day(state.from)} to ${day(state.to)}` : state.from ? `from ${day(state.from)}` : `up to ${day(state.to)}`}`, { from: "", to: "" });
    if (state.actor) add(`${EVENTS ? "actor" : "speaker or stance of"} ${label(state.actor)} ${tiesInWords[state.ties] || ""}`, { actor: "", ties: "" });
    if (state.role) add(`in the part of ${words(state.role)}`, { role: "" });
    if (state.place) add(`in ${label(state.place)}`, { place: "" });
    FACETS.forEach(([key, title], i) => {
      if (!state.facets[i].size) return;
      const facets = state.facets.map((set, j) => (j === i ? new Set() : new Set(set)));
      add(`${title.toLowerCase()}: ${[...state.facets[i]].map((value) => (known(i, value) ? facetLabel(key, value) : value)).join(" or ")}`, { facets });
    });
    return list;
  };
  const known = (i, value) => facetOrder[i].includes(value);
  const inWords = () => filters(state).map((filter) => filter.said).join("; ") || "no filter";

  // --- controls ------------------------------------------------------------------------------------------------------
  const facetOrder = FACETS.map((_, i) => {
    const totals = new Map();
    for (const record of records) for (const value of record.facets[i]) totals.set(value, (totals.get(value) || 0) + 1);
    return [...totals].sort((a, b) => b[1] - a[1]).map(([value]) => value);
  });
  const facetRows = [];
  const buildFacets = () => {
    FACETS.forEach(([key, title, , vocabulary], i) => {
      const rows = new Map();
      const list = el("ul", {});
      facetOrder[i].forEach((value, position) => {
        const box = el("input", { type: "checkbox", name: key, value });
        const count = el("span", { class: "n" });
        const item = el("li", { class: position > 7 ? "more" : null }, el("label", {}, box, " ", facetLabel(key, value), " ", count));
        rows.set(value, { box, count, item });
        list.append(item);
      });
      const all = facetOrder[i].length > 8 && el("button", { type: "button", class: "quiet", "aria-expanded": "false", onclick: (event) => {
        const open = list.classList.toggle("all");
        event.target.setAttribute("aria-expanded", String(open));
        event.target.textContent = open ? "Show the commonest" : `Show all ${facetOrder[i].length}`;
      } }, `Show all ${facetOrder[i].length}`);
      const help = vocabulary && el("a", { href: `codebook.html#${vocabulary}`, class: "help", "aria-label": `What the terms of ${title.toLowerCase()} mean` }, "?");
      facetRows.push(rows);
      $("facets").append(el("details", { open: i < 3 }, el("summary", {}, title), el("fieldset", {}, el("legend", { class: "hidden" }, title), help || null, list, all || null)));
    });
  };
  const options = (list, ids) => {
    for (const id of ids) for (const name of new Set(spellings(id))) list.append(el("option", { value: name === label(id) ? name : `${name} = ${label(id)}` }));
  };
  const byName = (input, ids) => {
    const wanted = ICDnormal(input.value.split(" = ").pop());
    if (!wanted) return "";
    const exact = ids.find((id) => label(id) === input.value.split(" = ").pop());
    return exact || ids.find((id) => [id, ...spellings(id)].some((name) => ICDnormal(name) === wanted)) || null;
  };
  const picked = (input, ids, key) => {
    const id = byName(input, ids);
    input.setCustomValidity(id === null ? "Nothing in the data has that name. Choose one of the list." : "");
    if (id === null) input.reportValidity();
    else go(changed({ [key]: id }));
  };

  // --- drawing: table --------------------------------------------------------------------------------------------------
  const COLUMNS = EVENTS ? [["date", "Date"], ["what", "What"], ["place", "Where"], ["who", "By and against"], ["confirmation", "Confirmation"]] : [["date", "Date"], ["speaker", "Speaker"], ["what", "What was said"], ["act", "Act"], ["stance", "Stance"]];
  const order = (vocabulary) => new Map(ICD.order[vocabulary].map((term, i) => [term, i]));
  const confirmationOrder = order("confirmation"), actOrder = order("statement_act");
  const SORTS = {
    date: null,
    what: (a, b) => (a.row.title || a.row.summary).localeCompare(b.row.title || b.row.summary),
    place: (a, b) => (a.place ? a.place.name : "\uffff").localeCompare(b.place ? b.place.name : "\uffff"),
    confirmation: (a, b) => confirmationOrder.get(a.row.confirmation) - confirmationOrder.get(b.row.confirmation),
    speaker: (a, b) => label(a.row.speaker_id).localeCompare(label(b.row.speaker_id)),
    act: (a, b) => actOrder.get(a.row.act) - actOrder.get(b.row.act),
  };
  const sorted = (found) => {
    const key = state.sort.replace(/^-/, "");
    // newest first unless asked otherwise
    const list = SORTS[key] ? [...found].sort(SORTS[key]) : [...found];
    return state.sort === "" || state.sort.startsWith("-") ? list.reverse() : list;
  };
  const recordLink = (id, text) => el("a", { href: `${id[0] === "E" ? "event" : "statement"}/${id}.html` }, text);
  const link = (folder, id) => el("a", { href: `${folder}/${id}.html` }, label(id));
  const through = (record) => record.through && el("small", { class: "tie" }, "counted in through ", record.through.map((tie, i) => [i ? ", then " : "", link("actor", tie.actor_id), ` (${words(tie.relation)} `, label(tie.related_actor_id), `, ${period(tie)})`]));
  const mark = (value, said = words(value)) => el("span", { class: `mark ${value}` }, said);
  const list = (ids) => ids.map((id, i) => [i ? ", " : "", link("actor", id)]);
  const parties = (record) => {
    const by = (...roles) => record.who.filter(([, role]) => roles.includes(role)).map(([actor]) => actor);
    const lines = [["", by("initiator")], ["suspected: ", by("suspected_initiator")], ["claimed by ", by("claimant")], ["accused: ", by("accused")], ["against ", by("target")]].filter(([, ids]) => ids.length);
    const other = [...new Set(record.who.map(([actor]) => actor))];
    return lines.length ? lines.map(([said, ids], i) => [i ? el("br") : "", said, list(ids)]) : list(other.slice(0, 4));
  };
  const cells = (record) => {
    const { row } = record;
    if (EVENTS) {
      const where = record.place ? [link("place", row.location_id), row.location_precision !== "site" && row.location_precision ? el("small", {}, ` ${words(row.location_precision)}`) : ""] : el("small", {}, "no place");
      return [
        el("td", { class: "date" }, when(record)),
        el("td", {}, recordLink(record.id, row.title), el("br"), el("small", {}, words(row.kind), row.outcome ? `, ${words(row.outcome)}` : "", row.landmark === "true" ? [" ", mark("landmark")] : "", el("span", { class: "phone" }, record.place ? ` · ${record.place.name} ` : " ", mark(row.confirmation))), through(record) ? [el("br"), through(record)] : ""),
        el("td", {}, where),
        el("td", {}, parties(record)),
        el("td", {}, mark(row.confirmation), row.disputed !== "none" ? [el("br"), mark("disputed", `${row.disputed} disputed`)] : ""),
      ];
    }
    return [
      el("td", { class: "date" }, when(record)),
      el("td", {}, link("actor", row.speaker_id), row.on_behalf_of_id ? [el("br"), el("small", {}, "for ", link("actor", row.on_behalf_of_id))] : ""),
      el("td", {}, recordLink(record.id, row.summary), through(record) ? [el("br"), through(record)] : ""),
      el("td", {}, words(row.act)),
      el("td", {}, (positions.get(record.id) || []).map((p) => el("span", { class: "stance-line" }, `${words(p.issue)}: `, chip(p.stance, 1), ` ${words(p.stance)}`))),
    ];
  };
  const drawTable = (found) => {
    const shown = sorted(found);
    const all = state.page === "all";
    const last = Math.max(1, Math.ceil(shown.length / PER_PAGE));
    const current = all ? 1 : Math.min(last, Math.max(1, Number(state.page) || 1));
    const part = all ? shown : shown.slice((current - 1) * PER_PAGE, current * PER_PAGE);
    const head = COLUMNS.map(([key, title]) => {
      if (!(key in SORTS)) return el("th", { scope: "col" }, title);
      const on = (state.sort.replace(/^-/, "") || "date") === key;
      const down = on && (state.sort === "" || state.sort.startsWith("-"));
      const next = key === "date" ? (on && down ? "date" : "") : on && !down ? `-${key}` : key;
      return el("th", { scope: "col", "aria-sort": on ? (down ? "descending" : "ascending") : null }, el("button", { type: "button", class: "sort", onclick: () => { go(changed({ sort: next })); const again = document.querySelector(`#rows button[data-key="${key}"]`); if (again) again.focus(); }, "data-key": key }, title, el("span", { "aria-hidden": "true" }, on ? (down ? " ↓" : " ↑") : "")));
    });
    const body = el("tbody", {});
    for (const record of part) body.append(el("tr", { id: record.id }, cells(record)));
    $("rows").replaceChildren(el("table", { class: `list ${page.dataset.table}`, "aria-labelledby": "table-title" }, el("thead", {}, el("tr", {}, head)), body));
    const turn = (to, said) => el("a", { href: address({ ...state, page: to }), "data-go": "table-title" }, said);
    const pages = [];
    if (last > 1) {
      if (!all && current > 1) pages.push(turn(current === 2 ? "" : String(current - 1), "← Previous"), " ");
      pages.push(el("span", {}, all ? `All ${number(shown.length)}` : `${number((current - 1) * PER_PAGE + 1)}–${number(Math.min(shown.length, current * PER_PAGE))} of ${number(shown.length)}`), " ");
      if (!all && current < last) pages.push(turn(String(current + 1), "Next →"), " ");
      pages.push(all ? turn("", "100 a page") : turn("all", `Show all ${number(shown.length)}`));
    }
    $("pages").replaceChildren(...pages);
  };

  // --- drawing: timeline ---------------------------------------------------------------------------------------------
  const toDate = (iso) => Date.parse(`${iso}T00:00:00Z`);
  const iso = (time) => new Date(time).toISOString().slice(0, 10);
  const DAY = 864e5;
  // Bins of days, weeks, months, quarters or years: the finest with at most 130 bars.
  const bins = (from, to, most = 130, finest = 0) => {
    const days = (toDate(to) - toDate(from)) / DAY + 1;
    const unit = ["day", "week", "month", "quarter", "year"].slice(finest).find((_, i) => days / [1, 7, 30.4, 91.3, 365.2][i + finest] <= most) || "year";
    const edges = [];
    let at = new Date(toDate(from));
    if (unit === "week") at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
    if (unit === "month") at.setUTCDate(1);
    if (unit === "quarter") at = new Date(Date.UTC(at.getUTCFullYear(), Math.floor(at.getUTCMonth() / 3) * 3, 1));
    if (unit === "year") at = new Date(Date.UTC(at.getUTCFullYear(), 0, 1));
    while (iso(at) <= to) {
      edges.push(iso(at));
      if (unit === "day") at.setUTCDate(at.getUTCDate() + 1);
      else if (unit === "week") at.setUTCDate(at.getUTCDate() + 7);
      else at.setUTCMonth(at.getUTCMonth() + { month: 1, quarter: 3, year: 12 }[unit]);
    }
    return { unit, edges, end: iso(at) };
  };
  const binOf = ({ edges }, date) => {
    let low = 0, high = edges.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (edges[middle] <= date) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const binName = ({ unit, edges }, i) => {
    const [y, m] = edges[i].split("-");
    return { day: day(edges[i]), week: `week of ${day(edges[i])}`, month: day(`${y}-${m}`), quarter: `quarter from ${day(`${y}-${m}`)}`, year: y }[unit];
  };
  const binLast = (grid, i) => iso(toDate(grid.edges[i + 1] || grid.end) - DAY);
  // asked once and on resizing: to ask after the table is drawn would lay the page out twice
  let chartWidth = 0;
  const drawTimeline = (found) => {
    chartWidth ||= $("timeline").clientWidth;
    const drawn = found.filter((record) => !discounted(record));
    if (!drawn.length) { $("timeline").replaceChildren(); $("timeline-note").textContent = ""; return; }
    let first = drawn[0].start, last = drawn[0].end;
    for (const record of drawn) { if (record.start < first) first = record.start; if (record.end > last) last = record.end; }
    if (state.from && first < state.from) first = state.from;
    if (state.to && last > state.to) last = state.to;
    const grid = bins(first, last);
    const known = new Array(grid.edges.length).fill(0), only = known.slice(), coarse = [];
    for (const record of drawn) {
      const clipped = record.start < first ? first : record.start;
      const bin = binOf(grid, clipped);
      if (!record.exact && (record.start < first || record.end > last || binOf(grid, record.end) !== bin)) coarse.push(record);
      else (EVENTS && claimed(record) ? only : known)[bin]++;
    }
    const width = Math.max(320, chartWidth || 800), left = 34;
    const x = (date) => left + ((toDate(date) - toDate(grid.edges[0])) / (toDate(grid.end) - toDate(grid.edges[0]))) * (width - left);
    const step = (width - left) / grid.edges.length;
    // dates coarser than a bar: bands in the first lane that is free
    const lanes = [], bands = [];
    for (const record of coarse) {
      const from = x(record.start < first ? first : record.start), to = Math.max(from + 4, x(record.end > last ? last : record.end) + step);
      const lane = [...lanes, 0].findIndex((end) => end + 2 <= from);
      const free = lane < 0 ? lanes.length : lane;
      if (free >= LANES) continue;
      lanes[free] = to;
      bands.push({ record, from, to, lane: free });
    }
    const strip = lanes.length * 5, top = 8 + strip, height = 190 + strip, up = Math.max(1, ...known), down = Math.max(0, ...only);
    const unit = (height - top - 26) / (up + down), zero = top + up * unit;
    const nodes = [];
    const jump = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((size) => up / size <= 4) || 2000;
    for (let value = jump; value <= up; value += jump) {
      nodes.push(svg("line", { class: "grid", x1: left, x2: width, y1: zero - value * unit, y2: zero - value * unit }), svg("text", { class: "value", x: left - 4, y: zero - value * unit + 4 }, number(value)));
    }
    if (down) nodes.push(svg("text", { class: "value", x: left - 4, y: zero + down * unit }, number(down)));
    nodes.push(svg("line", { class: "axis", x1: left, x2: width, y1: zero, y2: zero }));
    const apart = Math.ceil(70 / step);
    grid.edges.forEach((edge, i) => {
      const from = x(edge), size = x(grid.edges[i + 1] || grid.end) - from, gap = Math.min(1.5, size / 5);
      if (known[i] || only[i]) {
        const name = `${binName(grid, i)}: ${said({ known: known[i], only: only[i] })}`;
        nodes.push(svg("a", { href: address(changed({ from: edge < first ? first : edge, to: binLast(grid, i) > last ? last : binLast(grid, i) })), "data-go": "", "aria-label": name }, svg("title", {}, name), known[i] ? svg("rect", { class: "known", x: from + gap / 2, width: size - gap, y: zero - known[i] * unit, height: known[i] * unit }) : "", only[i] ? svg("rect", { class: "claimed", x: from + gap / 2, width: size - gap, y: zero, height: only[i] * unit }) : ""));
      }
      if (i % apart === 0 && from + 50 < width) nodes.push(svg("text", { class: "tick", x: from, y: height - 4 }, grid.unit === "year" ? edge.slice(0, 4) : grid.unit === "day" || grid.unit === "week" ? `${Number(edge.slice(8))} ${MONTHS[edge.slice(5, 7) - 1].slice(0, 3)} ${edge.slice(2, 4)}` : `${MONTHS[edge.slice(5, 7) - 1].slice(0, 3)} ${edge.slice(0, 4)}`));
    });
    for (const { record, from, to, lane } of bands) {
      const name = `${when(record)}: ${record.row.title || record.row.summary}`;
      nodes.push(svg("a", { href: `${EVENTS ? "event" : "statement"}/${record.id}.html`, "aria-label": name }, svg("title", {}, name), svg("rect", { class: EVENTS && claimed(record) ? "claimed" : "coarse", x: from, width: to - from, y: 4 + lane * 5, height: 3.5 })));
    }
    $("timeline").replaceChildren(svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `By ${grid.unit}` }, nodes));
    const notes = [`A bar is a ${grid.unit}; it opens its dates.`];
    if (EVENTS) notes.push("Upwards, filled: confirmed or reported; downwards, hollow: claimed only.");
    if (coarse.length) notes.push(`${plural(bands.length, "date")} coarser than a bar: bands above${coarse.length > bands.length ? `; ${coarse.length - bands.length} more are not drawn` : ""}.`);
    notes.push("Few in a period can also mean few sources.");
    $("timeline-note").textContent = notes.join(" ");
  };

  // --- drawing: map ----------------------------------------------------------------------------------------------------
  const radius = (n) => (n ? 3 + 2.2 * Math.sqrt(n) : 0);
  const view = { x: 0, y: 0, width: 0 };
  const zoom = (factor) => {
    const { width, height } = ICD.map;
    const size = factor ? Math.min(width, Math.max(width / 12, (view.width || width) / factor)) : width;
    const cx = view.x + (view.width || width) / 2, cy = view.y + ((view.width || width) * height) / width / 2;
    view.width = size;
    view.x = Math.min(width - size, Math.max(0, cx - size / 2));
    view.y = Math.min(height - (size * height) / width, Math.max(0, cy - (size * height) / width / 2));
    frameMap();
  };
  const frameMap = () => {
    const { width, height } = ICD.map;
    const drawing = document.querySelector("#map-figure svg");
    drawing.setAttribute("viewBox", `${view.x} ${view.y} ${view.width || width} ${((view.width || width) * height) / width}`);
    for (const node of $("map-marks").querySelectorAll("[data-at]")) node.setAttribute("transform", `translate(${node.dataset.at}) scale(${(view.width || width) / width})`);
  };
  const drawMap = (found) => {
    const spots = new Map(), areas = new Map(), rest = new Map();
    const put = (map, key, record) => (map.get(key) || map.set(key, []).get(key)).push(record);
    for (const record of found) {
      if (discounted(record)) continue;
      const { row, place } = record;
      if (place && ICD.precise.includes(row.location_precision) && ICD.map.spots[row.location_id]) put(spots, row.location_id, record);
      else if (place && [...ICD.precise, "district", "governorate"].includes(row.location_precision) && ICD.map.centres[place.admin1]) put(areas, place.admin1, record);
      else put(rest, row.location_id, record);
    }
    const marks = [], counts = []; // counts go on top
    const go = (place) => ({ href: address(changed({ place })), "data-go": "" });
    for (const node of document.querySelectorAll("#map-figure [data-area]")) node.classList.toggle("area", areas.has(node.dataset.area));
    for (const [code, list] of areas) {
      const count = tally(list), division = divisions.get(code);
      const name = `${division ? division.name : code}, no nearer place known or placed: ${said(count)}`;
      counts.push(svg(division ? "a" : "g", { ...(division ? go(division.location_id) : { role: "img" }), "aria-label": name }, svg("title", {}, name), svg("g", { "data-at": ICD.map.centres[code].join(",") }, svg("text", { class: "area-count" }, `${count.known}+${count.only}`))));
    }
    for (const [place, list] of [...spots].sort((a, b) => b[1].length - a[1].length)) {
      const count = tally(list), name = `${label(place)}: ${said(count)}`, known = radius(count.known), only = radius(count.only);
      marks.push(svg("a", { ...go(place), "aria-label": name }, svg("title", {}, name), svg("g", { "data-at": ICD.map.spots[place].join(",") }, known ? svg("path", { class: "known", d: `M0,${-known}a${known},${known} 0 0 0 0,${2 * known}z` }) : "", only ? svg("path", { class: "claimed", d: `M0,${-only}a${only},${only} 0 0 1 0,${2 * only}z` }) : "")));
    }
    $("map-marks").replaceChildren(...marks, ...counts);
    frameMap();
    const tray = [...rest].sort((a, b) => b[1].length - a[1].length).map(([place, list]) => el("li", {}, place ? el("a", go(place), label(place)) : "No place", ` ${said(tally(list))}`));
    $("map-note").replaceChildren(
      "Left half, filled: confirmed or reported; right half, hollow: claimed only. Shaded with two counts (confirmed or reported + claimed only): known to the governorate, or a site without coordinates. ",
      tray.length ? el("details", {}, el("summary", {}, `Known to the country only, elsewhere, or without a place: ${said(tally([...rest.values()].flat()))}`), el("ul", { class: "columns" }, tray)) : "",
    );
  };

  // --- drawing: stances --------------------------------------------------------------------------------------------------
  const GLYPHS = { end_now: "✕", end_by_date: "◷", end_conditional: "◒", reduce: "▽", change_form: "⇄", change_mission: "◇", keep_conditional: "◓", keep: "■", increase: "△", defer_to_talks: "…", ambiguous: "?", support: "+", oppose: "−", conditional: "±" };
  const chip = (stance, n) => el("span", { class: `chip s-${stance}`, title: words(stance) }, el("span", { "aria-hidden": "true" }, GLYPHS[stance] || stance[0]), el("span", { class: "hidden" }, words(stance)), n > 1 ? ` ${n}` : "");
  const drawMatrix = (found) => {
    const issue = $("issue").value;
    const rows = new Map(), used = new Set(), dated = [];
    for (const record of found) {
      for (const p of positions.get(record.id) || []) {
        if (p.issue !== issue) continue;
        used.add(p.stance);
        dated.push(record);
        (rows.get(p.actor_id) || rows.set(p.actor_id, []).get(p.actor_id)).push([record, p.stance]);
      }
    }
    if (!dated.length) { $("matrix").replaceChildren(el("p", {}, "No statement of this selection takes a stance on it.")); $("matrix-key").replaceChildren(); return; }
    let first = dated[0].start, last = dated[0].end;
    for (const record of dated) { if (record.start < first) first = record.start; if (record.end > last) last = record.end; }
    // the finest bins of which at most 14 hold anything; empty ones between them are left out, and the gap is marked
    let grid, kept;
    for (const finest of [2, 3, 4]) {
      grid = bins(first, last, 1e4, finest);
      kept = [...new Set(dated.map((record) => binOf(grid, record.start)))].sort((a, b) => a - b);
      if (kept.length <= 14) break;
    }
    const place = new Map(kept.map((bin, i) => [bin, i]));
    const gap = (i) => (i && kept[i] - kept[i - 1] > 1 ? "gap" : null);
    const most = [...rows].sort((a, b) => b[1].length - a[1].length);
    const shown = most.slice(0, 20);
    const stances = ICD.order.position_stance.filter((stance) => used.has(stance));
    const body = shown.map(([actor, list]) => {
      const columns = kept.map(() => new Map());
      for (const [record, stance] of list) {
        const counts = columns[place.get(binOf(grid, record.start))];
        counts.set(stance, (counts.get(stance) || 0) + 1);
      }
      return el("tr", {}, el("th", { scope: "row" }, link("actor", actor)), columns.map((counts, i) => el("td", { class: gap(i) }, stances.filter((stance) => counts.has(stance)).map((stance) => chip(stance, counts.get(stance))))));
    });
    const heads = kept.map((bin, i) => el("th", { scope: "col", class: gap(i) }, grid.unit === "year" ? grid.edges[bin].slice(0, 4) : `${MONTHS[grid.edges[bin].slice(5, 7) - 1].slice(0, 3)} ${grid.edges[bin].slice(0, 4)}`));
    $("matrix").replaceChildren(el("table", { class: "matrix" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, `Whose stance, by ${grid.unit}`), heads)), el("tbody", {}, body)));
    $("matrix-key").replaceChildren(...stances.flatMap((stance) => [chip(stance, 1), ` ${words(stance)} `, " · "]), most.length > shown.length ? `the ${shown.length} with most statements of ${most.length}; ` : "", "an empty cell: nothing recorded, not no stance; a dotted line: time left out in which nothing is recorded.");
  };

  // --- all of it -----------------------------------------------------------------------------------------------------------
  let selected = [];
  const render = () => {
    const { found, counts } = select(state);
    selected = found;
    const overlap = state.from || state.to ? found.filter((r) => !r.exact && ((state.from && r.start < state.from) || (state.to && r.end > state.to))).length : 0;
    const total = tally(found);
    $("count").textContent = EVENTS ? `${said(total)}${overlap ? `. ${overlap} of them only may lie in these dates.` : ""}` : `${plural(found.length, "statement")}${overlap ? `. ${overlap} of them only may lie in these dates.` : ""}`;
    const inUse = filters(state);
    const chips = inUse.map((filter) => el("li", {}, el("button", { type: "button", onclick: () => { go(changed(filter.change)); $("count").focus(); } }, filter.said, el("span", { "aria-hidden": "true" }, " ×"), el("span", { class: "hidden" }, ": remove this filter"))));
    $("chips").replaceChildren(...chips);
    $("chips").hidden = !chips.length;
    $("clear").disabled = !chips.length;
    FACETS.forEach(([key], i) => {
      for (const [value, { box, count, item }] of facetRows[i]) {
        const [known, only] = counts[i].get(value) || [0, 0];
        const on = state.facets[i].has(value);
        box.checked = on;
        const counted = EVENTS ? `${number(known)} + ${number(only)}` : number(known);
        if (count.textContent !== counted) count.textContent = counted;
        item.classList.toggle("none", !known && !only && !on);
        if (on) item.classList.remove("more");
      }
    });
    for (const key of ["q", "from", "to", "ties", "role"]) if ($(key) && $(key).value !== state[key] && document.activeElement !== $(key)) $(key).value = state[key];
    for (const key of ["actor", "place"]) if ($(key) && document.activeElement !== $(key)) $(key).value = state[key] ? label(state[key]) : "";
    $("empty").hidden = found.length > 0;
    $("views").hidden = !found.length;
    if (!found.length) {
      $("empty").replaceChildren(el("h2", {}, "Nothing matches"), el("p", {}, `No record has: ${inWords()}. Take one filter away:`), el("ul", {}, inUse.map((filter) => el("li", {}, el("a", { href: address(changed(filter.change)), "data-go": "" }, `without ${filter.said}`), ` (${number(select(changed(filter.change)).found.length)})`))), el("p", {}, el("a", { href: location.pathname.split("/").pop(), "data-go": "" }, "or all of them"), "."));
      select(state);
      return;
    }
    drawTimeline(found);
    drawTable(found);
    if (EVENTS) drawMap(found);
    else drawMatrix(found);
  };
  const go = (next, replace = false) => {
    state = next;
    history[replace ? "replaceState" : "pushState"](null, "", address(state));
    render();
  };

  // --- download and citation --------------------------------------------------------------------------------------------------
  const cell = (value) => (/[",\n\r]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value);
  const csv = (columns, rows) => [columns, ...rows.map((row) => columns.map((column) => row[column] || ""))].map((row) => row.map(cell).join(",")).join("\n") + "\n";
  const loadMore = () => new Promise((done, failed) => {
    const missing = ["download", "fflate"].filter((name) => !document.querySelector(`script[data-name="${name}"]`));
    let left = missing.length;
    if (!left) done();
    for (const name of missing) document.head.append(el("script", { src: `assets/${name}.js`, "data-name": name, onload: () => --left || done(), onerror: () => failed(new Error(`assets/${name}.js cannot be read`)) }));
  });
  const labelled = (list) => list.map(({ row, place, id }) => {
    const out = { ...row };
    const name = (key, value) => { out[key] = value ? label(value) : ""; };
    name("episode_title", row.episode_id);
    if (EVENTS) {
      name("place", row.location_id);
      out.country = place ? countries.get(place.country) || place.country : "";
      out.governorate = place && divisions.has(place.admin1) ? divisions.get(place.admin1).name : "";
      for (const [column, roles] of Object.entries(ICD.roles)) out[column] = [...new Set((parts.get(id) || []).filter((p) => roles.includes(p.role)).map((p) => label(p.actor_id)))].join("; ");
    } else {
      name("speaker", row.speaker_id);
      name("on_behalf_of", row.on_behalf_of_id);
      name("addressee", row.addressee_id);
    }
    return out;
  });
  const today = () => iso(Date.now());
  const here = () => (ICD.site.url ? ICD.site.url + address(state) : location.protocol.startsWith("http") ? location.href : address(state));
  const howMany = () => (EVENTS ? `${said(tally(selected))} (${plural(selected.length, "event")} in all)` : plural(selected.length, "statement"));
  const citation = () => `${ICD.site.author}. (${ICD.site.year}). ${ICD.site.title} (Version ${ICD.site.version}) [Data set]. Selection of ${page.dataset.table}: ${inWords()}; ${howMany()}; made on ${day(today())}. ${here()}`;
  const bibtex = () => {
    const safe = (value) => value.replace(/[\\{}]/g, "").replace(/([&%#$_])/g, "\\$1");
    const key = `iraq_coalition_data_${ICD.site.version.replace(/\W/g, "_")}_selection`;
    const values = { author: `{${ICD.site.author}}`, title: safe(ICD.site.title), year: ICD.site.year, version: ICD.site.version, note: safe(`Data set. Selection of ${page.dataset.table}: ${inWords()}; ${howMany()}`), url: here(), urldate: today() };
    return `@misc{${key},\n${Object.entries(values).map(([name, value]) => `  ${name} = {${value}},`).join("\n")}\n}`;
  };
  const download = async () => {
    await loadMore();
    const ids = new Set(selected.map((record) => record.id));
    const casualties = EVENTS ? table("casualties").filter((row) => ids.has(row.event_id)) : [];
    const cited = new Set([...ids, ...casualties.map((row) => row.casualty_id)]);
    const citations = table("citations").filter((row) => cited.has(row.record_id));
    const used = new Set(citations.map((row) => row.source_id));
    const sources = table("sources").filter((row) => used.has(row.source_id));
    const rows = labelled(selected);
    const own = ICD.tables[page.dataset.table].columns;
    const files = {};
    const put = (name, list) => { files[`${name}.csv`] = csv(ICD.tables[name].columns, list); };
    files[`${page.dataset.table}.csv`] = csv([...own, ...Object.keys(rows[0] || {}).filter((column) => !own.includes(column))], rows);
    if (EVENTS) {
      const list = table("participants").filter((row) => ids.has(row.event_id)).map((row) => ({ ...row, actor: label(row.actor_id) }));
      files["participants.csv"] = csv([...ICD.tables.participants.columns, "actor"], list);
      files["casualties.csv"] = csv([...ICD.tables.casualties.columns, "actor"], casualties.map((row) => ({ ...row, actor: label(row.actor_id) })));
    } else {
      files["positions.csv"] = csv([...ICD.tables.positions.columns, "actor"], table("positions").filter((row) => ids.has(row.statement_id)).map((row) => ({ ...row, actor: label(row.actor_id) })));
      put("statement_speakers", table("statement_speakers").filter((row) => ids.has(row.statement_id)));
    }
    put("links", table("links").filter((row) => ids.has(row.record_id) || ids.has(row.related_id)));
    put("citations", citations);
    put("sources", sources);
    files["sources.bib"] = sources.map((source) => ICD.bibtex[source.source_id]).join("\n\n") + "\n";
    files["README.txt"] = [
      `A selection of ${page.dataset.table} from ${ICD.site.title}, version ${ICD.site.version}.`, "",
      `Filters: ${inWords()}.`, `Records: ${howMany()}.`, `Made on ${day(today())}, from ${here()}`, "",
      "Cite", "", citation(), "", bibtex(), "", "For a single fact, cite the page in sources.csv that citations.csv names for it as well.", "",
      `Licence of the data: CC BY 4.0, ${ICD.licence}`, "", "Files", "",
      `${page.dataset.table}.csv holds the columns of the dataset with their ids, then the same in words. The other tables hold the rows that belong to the selection.`,
      "UTF-8; a blank cell is a missing value, never zero. Do not add claimed_only to the rest. Dates and places are only as exact as date_precision and location_precision say.", "",
    ].join("\n");
    const encoder = new TextEncoder();
    const zip = fflate.zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, [encoder.encode(content), { mtime: new Date(1980, 0, 1) }]])), { level: 6 });
    const url = URL.createObjectURL(new Blob([zip], { type: "application/zip" }));
    const anchor = el("a", { href: url, download: `iraq-coalition-data-${ICD.site.version}-${page.dataset.table}-selection.zip` });
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  };

  // --- start -------------------------------------------------------------------------------------------------------------------
  buildFacets();
  const actorIds = [...actors.keys()], placeIds = [...places.keys()];
  options($("actors"), actorIds);
  if (EVENTS) options($("places"), placeIds);
  let typing = false;
  $("q").addEventListener("input", () => { go(changed({ q: $("q").value }), typing); typing = true; });
  $("q").addEventListener("blur", () => { typing = false; });
  for (const key of ["from", "to"]) $(key).addEventListener("change", () => go(changed({ [key]: isDate($(key).value) ? $(key).value : "" })));
  for (const key of ["ties", "role"]) if ($(key)) $(key).addEventListener("change", () => go(changed({ [key]: $(key).value })));
  $("actor").addEventListener("change", () => picked($("actor"), actorIds, "actor"));
  if (EVENTS) $("place").addEventListener("change", () => picked($("place"), placeIds, "place"));
  $("facets").addEventListener("change", (event) => {
    const i = FACETS.findIndex(([key]) => key === event.target.name);
    const facets = state.facets.map((set) => new Set(set));
    facets[i][event.target.checked ? "add" : "delete"](event.target.value);
    go(changed({ facets }));
  });
  $("filters").addEventListener("submit", (event) => { event.preventDefault(); closeFilters(); });
  page.addEventListener("click", (event) => {
    const anchor = event.target.closest("a[data-go]");
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    history.pushState(null, "", anchor.getAttribute("href"));
    state = read();
    render();
    const target = $(anchor.dataset.go || "count");
    target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: !anchor.dataset.go });
    if (anchor.dataset.go) target.scrollIntoView();
  });
  $("count").setAttribute("tabindex", "-1");
  $("clear").addEventListener("click", () => { go({ ...Object.fromEntries(SINGLE.map((key) => [key, ""])), facets: FACETS.map(() => new Set()) }); $("count").focus(); });
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
  const closeFilters = () => { document.body.classList.remove("filtering"); if ($("open-filters").offsetParent) $("open-filters").focus(); };
  $("open-filters").addEventListener("click", () => { document.body.classList.add("filtering"); $("close-filters").focus(); });
  $("close-filters").addEventListener("click", closeFilters);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeFilters(); });
  $("download").addEventListener("click", () => download().catch((error) => { $("count").textContent = `The download failed: ${error.message}. Reload the page and try again.`; }));
  $("cite-button").addEventListener("click", () => { $("cite-text").textContent = citation(); $("cite-bibtex").textContent = bibtex(); $("copy").textContent = "Copy the citation"; $("cite-dialog").showModal(); });
  $("close-cite").addEventListener("click", () => $("cite-dialog").close());
  $("copy").addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(citation()); $("copy").textContent = "Copied"; }
    catch { getSelection().selectAllChildren($("cite-text")); $("copy").textContent = "Selected: copy it with the keyboard"; }
  });
  if (!EVENTS) {
    const asked = new URLSearchParams(location.search).getAll("issue");
    if (asked.length === 1 && [...$("issue").options].some((option) => option.value === asked[0])) $("issue").value = asked[0];
    $("issue").addEventListener("change", () => drawMatrix(selected));
  }
  addEventListener("popstate", () => { state = read(); render(); });
  let resized;
  addEventListener("resize", () => { clearTimeout(resized); resized = setTimeout(() => { chartWidth = 0; drawTimeline(selected); }, 150); });
  state = read();
  render();
  // for the tests and the benchmark
  document.documentElement.dataset.ready = "true";
})();
