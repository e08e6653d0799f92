"use strict";
// What a cell is sorted by: a number, a text, or null where it says nothing.
function keyOf(row, column) {
	const cell = row.cells[column];
	const data = cell.querySelector("data");
	if (data) return Number(data.value);
	const time = cell.querySelector("time");
	// With nine digits of a second each, since runs of digits are compared as whole numbers.
	if (time) return time.dateTime.replace("Z", "").padEnd(29, "0");
	return cell.querySelector("bdi")?.textContent ?? null;
}

const collator = new Intl.Collator("en", { numeric: true });

function compare(one, other) {
	return typeof one === "number" && typeof other === "number" ? one - other : collator.compare(one, other);
}

// Sorts the rows of a table, the one for all others last; rows that say nothing stand before it.
function sort(table, column, sign) {
	const body = table.tBodies[0];
	const rows = [...body.rows].filter((row) => !row.classList.contains("other"));
	const keyed = rows.map((row) => ({ row, key: keyOf(row, column) }));
	keyed.sort((one, other) => {
		if (one.key === null || other.key === null) return Number(one.key === null) - Number(other.key === null);
		return sign * compare(one.key, other.key);
	});
	const others = [...body.rows].filter((row) => row.classList.contains("other"));
	body.append(...keyed.map(({ row }) => row), ...others);
}

function makeSortable(table) {
	const titles = [...table.tHead.rows[0].cells];
	titles.forEach((title, column) => {
		const button = document.createElement("button");
		button.type = "button";
		button.append(...title.childNodes);
		title.append(button);
		button.addEventListener("click", () => {
			// The largest numbers first, and the first texts: what people look for.
			const first = title.classList.contains("n") ? "descending" : "ascending";
			const second = first === "ascending" ? "descending" : "ascending";
			const order = title.getAttribute("aria-sort") === first ? second : first;
			for (const other of titles) other.removeAttribute("aria-sort");
			title.setAttribute("aria-sort", order);
			sort(table, column, order === "ascending" ? 1 : -1);
		});
	});
}

for (const table of document.querySelectorAll("table.sortable")) makeSortable(table);
