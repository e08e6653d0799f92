"use strict";
// Sort key of a cell: a number, a text, or null if it has no value.
function keyOf(row, column) {
	const cell = row.cells[column];
	const data = cell.querySelector("data");
	if (data) return Number(data.value);
	const time = cell.querySelector("time");
	// Pad fractions of a second to nine digits: the collator compares runs of digits as whole numbers.
	if (time) return time.dateTime.replace("Z", "").padEnd(29, "0");
	return cell.querySelector("bdi")?.textContent ?? null;
}

const collator = new Intl.Collator("en", { numeric: true });

function compare(one, other) {
	return typeof one === "number" && typeof other === "number" ? one - other : collator.compare(one, other);
}

// Sorts the rows of a table. Rows without a value come last, before the row for all others.
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
	const rows = [...table.tBodies[0].rows];
	titles.forEach((title, column) => {
		if (rows.every((row) => keyOf(row, column) === null)) return;
		const button = document.createElement("button");
		button.type = "button";
		button.append(...title.childNodes);
		title.append(button);
		button.addEventListener("click", () => {
			// The first click shows the largest numbers, or the first texts.
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
