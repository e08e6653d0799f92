// Adds a text field above a table. It hides the rows that do not contain what is typed.
function makeFilterable(table) {
	const rows = [...table.querySelectorAll("tbody tr")].map((row) => ({
		row,
		text: row.textContent.toLowerCase(),
	}));
	const filter = document.createElement("div");
	filter.className = "filter";
	const input = document.createElement("input");
	input.type = "search";
	input.name = "filter";
	const shown = document.createElement("span");
	shown.setAttribute("role", "status");
	input.placeholder = "Filter";
	input.setAttribute("aria-label", "Show only rows with this text");
	filter.append(input, shown);
	input.addEventListener("input", () => {
		const wanted = input.value.trim().toLowerCase();
		let count = 0;
		for (const { row, text } of rows) {
			const isShown = text.includes(wanted);
			row.classList.toggle("filtered", !isShown);
			count += Number(isShown);
		}
		shown.textContent = wanted === "" ? "" : `${count} of ${rows.length}`;
	});
	table.parentElement.before(filter);
}

for (const table of document.querySelectorAll("table.filterable")) makeFilterable(table);
