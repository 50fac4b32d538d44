(() => {
  "use strict";
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const say = (words, shown, total) => words.replace("#1", shown.toLocaleString("fr")).replace("#2", total.toLocaleString("fr"));

  /* Copy the controls kept in a <template>: without this script, none of them is there. */
  const controls = (name) => {
    const kept = document.getElementById(name);
    if (!kept) return null;
    const made = kept.content.firstElementChild.cloneNode(true);
    kept.replaceWith(made);
    return made;
  };

  const findings = () => {
    const bar = controls("filtre-constats");
    if (!bar) return;
    const [text, axis, gravity] = ["text", "axis", "gravity"].map((name) => bar.querySelector(`[data-control=${name}]`));
    const status = bar.querySelector("[role=status]");
    const groups = [...document.querySelectorAll(".filtered .group")].map((group) => {
      const around = group.closest("details.dataset");
      return { group, around, title: "", items: [...group.querySelectorAll(".seen > li")].map((item) => ({ item, text: "" })) };
    });
    const total = groups.reduce((sum, { items }) => sum + items.length, 0);
    let read = false;
    const readAll = () => {
      read = true;
      for (const entry of groups) {
        const name = entry.around ? entry.around.querySelector("summary").textContent : "";
        const facts = [...entry.group.children].filter((part) => !part.matches(".seen")).map((part) => part.textContent);
        entry.title = plain(`${name} ${facts.join(" ")}`);
        for (const one of entry.items) one.text = plain(one.item.textContent);
      }
    };
    const opened = new Set();
    const apply = () => {
      const wanted = plain(text.value.trim());
      const active = Boolean(wanted || axis.value || gravity.value);
      if (wanted && !read) readAll();
      const kept = new Set();
      let shown = 0;
      for (const { group, around, title, items } of groups) {
        const right = (!axis.value || group.dataset.axis === axis.value) && (!gravity.value || group.dataset.gravity === gravity.value);
        const whole = !wanted || title.includes(wanted);
        let here = 0;
        for (const { item, text: content } of items) {
          const visible = right && (whole || content.includes(wanted));
          item.hidden = !visible;
          if (visible) here += 1;
        }
        group.hidden = !here;
        shown += here;
        if (here && around) kept.add(around);
      }
      for (const one of document.querySelectorAll(".filtered .dataset")) {
        one.hidden = active && !kept.has(one);
        if (active && kept.has(one) && !one.open && wanted) { one.open = true; opened.add(one); }
      }
      if (!active) { for (const one of opened) one.open = false; opened.clear(); }
      for (const one of document.querySelectorAll(".filtered .aside")) one.hidden = active;
      status.textContent = !active ? "" : shown ? say(status.dataset.count, shown, total) : status.dataset.none;
    };
    let waiting = 0;
    text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
    axis.addEventListener("change", apply);
    gravity.addEventListener("change", apply);
    bar.querySelector("button").addEventListener("click", () => {
      text.value = axis.value = gravity.value = "";
      apply();
      text.focus();
    });
  };

  const duties = () => {
    const bar = controls("filtre-regles");
    if (!bar) return;
    const choice = bar.querySelector("select");
    const status = bar.querySelector("[role=status]");
    const rows = [...document.querySelectorAll("tr[data-tally]")];
    choice.addEventListener("change", () => {
      const wanted = choice.value;
      let shown = 0;
      for (const row of rows) {
        row.hidden = Boolean(wanted) && row.dataset.tally !== wanted;
        if (!row.hidden) shown += 1;
      }
      for (const one of document.querySelectorAll(".other-rules")) {
        const any = [...one.querySelectorAll("tr[data-tally]")].some((row) => !row.hidden);
        one.hidden = !any;
        one.open = Boolean(wanted) && any;
      }
      status.textContent = wanted ? say(status.dataset.count, shown, rows.length) : "";
    });
  };

  /* Older browsers neither open what a link points into, nor print what is folded. */
  const reveal = () => {
    let part = null;
    try { part = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!part) return;
    let folded = false;
    for (let up = part.closest("details"); up; up = up.parentElement.closest("details")) {
      if (!up.open) { up.open = true; folded = true; }
    }
    if (folded) part.scrollIntoView();
  };

  findings();
  duties();
  addEventListener("hashchange", reveal);
  reveal();
})();
