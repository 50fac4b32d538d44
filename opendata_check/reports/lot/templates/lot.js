(function () {
  "use strict";
  var table = document.getElementById("bodies"), tools = document.getElementById("tools");
  if (!table || !tools) { return; }
  var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows), status = document.getElementById("shown");
  var plain = function (text) { return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, ""); };
  var words = rows.map(function (row) { return plain(row.textContent + " " + (row.getAttribute("data-x") || "")); });
  var search = document.getElementById("search"), selects = Array.prototype.slice.call(tools.querySelectorAll("select[data-on]"));
  var order = document.getElementById("order");
  var say = function (count) {
    var text = status.getAttribute(count < 2 ? "data-one" : "data-many");
    status.textContent = text.replace("{count}", count.toLocaleString("fr-FR")).replace("{total}", rows.length.toLocaleString("fr-FR"));
  };
  var filter = function () {
    var wanted = plain(search.value).split(/\s+/).filter(Boolean), count = 0;
    rows.forEach(function (row, at) {
      var shown = selects.every(function (select) {
        return !select.value || row.getAttribute("data-" + select.getAttribute("data-on")) === select.value;
      }) && wanted.every(function (word) { return words[at].indexOf(word) >= 0; });
      row.hidden = !shown;
      if (shown) { count += 1; }
    });
    say(count);
  };
  var rank = new Map();
  rows.forEach(function (row, at) { rank.set(row, at); });
  var collator = new Intl.Collator("fr", { numeric: true, sensitivity: "base" });
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var sort = function (column, down) {
    var numeric = heads[column].getAttribute("data-k") === "n";
    var keys = new Map(rows.map(function (row) {
      var cell = row.cells[column], key = cell.getAttribute("data-s");
      key = key === null ? cell.textContent.trim() : key;
      return [row, numeric ? Number(key) : key];
    }));
    var sorted = rows.slice().sort(function (a, b) {
      var x = keys.get(a), y = keys.get(b);
      var found = numeric ? x - y : (x === "") - (y === "") || collator.compare(x, y) * (down ? -1 : 1);
      if (numeric && down) { found = -found; }
      return found || rank.get(a) - rank.get(b);
    });
    var held = document.createDocumentFragment();
    sorted.forEach(function (row) { held.appendChild(row); });
    body.appendChild(held);
    heads.forEach(function (head, at) {
      if (at === column) { head.setAttribute("aria-sort", down ? "descending" : "ascending"); } else { head.removeAttribute("aria-sort"); }
    });
    order.value = column + (down ? "d" : "u");
  };
  heads.forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    while (head.firstChild) { button.appendChild(head.firstChild); }
    head.appendChild(button);
    button.addEventListener("click", function () { sort(column, head.getAttribute("aria-sort") === "ascending"); });
  });
  order.addEventListener("change", function () {
    if (order.value) { sort(parseInt(order.value, 10), order.value.slice(-1) === "d"); }
  });
  var waiting = 0;
  search.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  selects.forEach(function (select) { select.addEventListener("change", filter); });
  tools.addEventListener("submit", function (event) { event.preventDefault(); });
  tools.addEventListener("reset", function () { setTimeout(filter, 0); });
  tools.hidden = false;
  filter();
}());
