// Puts a field above a table into which people type what its rows have to hold. Rows that do not are hidden.
function makeFilterable(table) {
	const rows = [...table.querySelectorAll("tbody tr")].map((row) => ({
		row,
		text: row.textContent.toLowerCase(),
	}));
	const label = document.createElement("label");
	label.className = "filter";
	const input = document.createElement("input");
	input.type = "search";
	input.name = "filter";
	const shown = document.createElement("span");
	shown.setAttribute("role", "status");
	label.append("Show only rows with ", input, " ", shown);
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
	table.parentElement.before(label);
}

for (const table of document.querySelectorAll("table.filterable")) makeFilterable(table);
