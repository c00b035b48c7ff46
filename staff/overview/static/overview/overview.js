// Draws the plots of the overview from the page's own JSON. Without it the tables say the same.
"use strict";

const DASHES = [[], [8, 4], [2, 3]];
const MARKERS = ["circle", "rect", "triangle"];
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const drawn = [];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Stripes for the second part of a bar, dots for the third: seen without colours too.
function pattern(index, line) {
  if (index === 0) return line;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.fillStyle = colour("--card");
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = pen.fillStyle = line;
  pen.lineWidth = 2;
  pen.beginPath();
  if (index === 1) {
    for (const shift of [-8, 0, 8]) { pen.moveTo(shift, 8); pen.lineTo(shift + 8, 0); }
    pen.stroke();
  } else {
    pen.arc(4, 4, 2, 0, 7);
    pen.fill();
  }
  return pen.createPattern(tile, "repeat");
}

function dataset(plot, one, index) {
  const line = colour(`--plot-${index + 1}`);
  return {
    label: one.name,
    data: one.values,
    borderColor: line,
    borderWidth: plot.kind === "line" ? 2 : 1,
    borderDash: plot.kind === "line" ? DASHES[index] : [],
    backgroundColor: plot.kind === "line" ? line : pattern(index, line),
    pointStyle: MARKERS[index],
    pointRadius: plot.labels.length > 60 ? 2 : 3.5,
    spanGaps: false,
  };
}

function options(plot, atOnce) {
  const text = colour("--text");
  const sideways = plot.kind === "sideways";
  const values = {
    beginAtZero: true,
    stacked: plot.kind === "bar",
    ticks: { color: text, precision: 0, callback: (value) => `${value}${plot.unit && ` ${plot.unit}`}` },
    grid: { color: colour("--line") },
  };
  const names = {
    stacked: plot.kind === "bar",
    ticks: { color: text, maxRotation: 0, autoSkip: !sideways, autoSkipPadding: 12 },
    grid: { display: false },
  };
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: atOnce || still.matches ? false : { duration: 300 },
    indexAxis: sideways ? "y" : "x",
    interaction: { mode: "index", intersect: false, axis: sideways ? "y" : "x" },
    scales: sideways ? { x: values, y: names } : { x: names, y: values },
    plugins: {
      legend: { display: plot.series.length > 1, labels: { color: text, usePointStyle: plot.kind === "line", pointStyleWidth: 14, boxHeight: 8 } },
    },
  };
}

// A long title of an answer is cut beside its bar; the table has it whole.
function shown(label, plot, width) {
  const most = width < 400 ? 18 : 36;
  return plot.kind === "sideways" && label.length > most ? `${label.slice(0, most - 1)}…` : label;
}

function draw(plot, atOnce) {
  const canvas = document.querySelector(`canvas[data-plot="${plot.id}"]`);
  if (!canvas) return;
  canvas.parentElement.hidden = false;
  const width = canvas.parentElement.clientWidth;
  drawn.push(new Chart(canvas, {
    type: plot.kind === "line" ? "line" : "bar",
    data: {
      labels: plot.labels.map((label) => shown(label, plot, width)),
      datasets: plot.series.map((one, index) => dataset(plot, one, index)),
    },
    options: options(plot, atOnce),
  }));
}

function drawAll(atOnce) {
  for (const chart of drawn.splice(0)) chart.destroy();
  for (const plot of JSON.parse(document.getElementById("plots").textContent)) draw(plot, atOnce);
}

// On paper the tables are open, and the plots have the colours of light paper.
function paper(on) {
  document.documentElement.classList.toggle("paper", on);
  if (on) opened = [...document.querySelectorAll("details:not([open])")];
  for (const one of opened) one.open = on;
  drawAll(on);
}

let opened = [];
if (document.getElementById("plots")) {
  drawAll();
  dark.addEventListener("change", () => drawAll());
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));
}
