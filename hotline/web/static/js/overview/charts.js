/* Charts: the data stands in a JSON block beside the place; ECharts draws SVG without inline styles or eval. */

import { onPart } from "../core/elements.js";

const COLOURS = ["#12697a", "#7a5aa8", "#c98a1b", "#3f7fbf", "#5d8a3c", "#a8476b", "#6b7a84", "#b5532a"];
const INK = "#22313a", SOFT = "#5a6b75", LINE = "#e3e9ec";
const drawn = new Map();

function axis(data) {
  const names = { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: "#c3ced4" } }, axisLabel: { color: SOFT, fontSize: 12, hideOverlap: true } };
  const numbers = { type: "value", min: data.min, max: data.max, splitLine: { lineStyle: { color: LINE } }, axisLabel: { color: SOFT, fontSize: 12, formatter: `{value}${data.unit ?? ""}` } };
  return data.kind === "rows" ? { xAxis: numbers, yAxis: { ...names, inverse: true } } : { xAxis: names, yAxis: numbers };
}

function series(data) {
  return data.series.map((one) => ({
    name: one.name, data: one.data, type: data.kind === "line" ? "line" : "bar",
    stack: data.stack ? "all" : undefined, smooth: false, symbolSize: 6, showSymbol: data.labels.length < 40,
    lineStyle: { width: 2 }, barMaxWidth: data.kind === "rows" ? 18 : 34, cursor: data.links ? "pointer" : "default",
    connectNulls: false, areaStyle: data.kind === "line" && data.series.length === 1 ? { opacity: 0.08 } : undefined,
    itemStyle: data.kind === "line" || data.stack ? undefined : { borderRadius: data.kind === "rows" ? [0, 3, 3, 0] : [3, 3, 0, 0] },
  }));
}

function pie(data) {
  const [one] = data.series;
  return { series: [{ type: "pie", radius: ["48%", "72%"], data: data.labels.map((name, i) => ({ name, value: one.data[i] })), label: { color: INK, formatter: "{b} {d}%" } }] };
}

function option(data) {
  const several = data.series?.length > 1;
  return {
    color: COLOURS, animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: INK },
    grid: { left: 8, right: 18, top: several ? 36 : 14, bottom: 4, containLabel: true },
    legend: several ? { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: SOFT } } : undefined,
    /* richText: an HTML tooltip would write style="" and the page's policy forbids that. */
    tooltip: { trigger: data.kind === "pie" ? "item" : "axis", renderMode: "richText", confine: true, borderColor: LINE, textStyle: { fontSize: 12, color: INK }, valueFormatter: (v) => (v == null ? "—" : `${v}${data.unit ?? ""}`) },
    ...(data.kind === "pie" ? pie(data) : { ...axis(data), series: series(data) }),
  };
}

function draw(figure) {
  const area = figure.querySelector("[data-chart-area]");
  const block = figure.querySelector("script[type='application/json']");
  if (!area || !block || drawn.has(area)) return;
  const data = JSON.parse(block.textContent);
  const chart = window.echarts.init(area, null, { renderer: "svg" });
  drawn.set(area, chart);
  chart.setOption(data.option ? { color: COLOURS, ...data.option } : option(data));
  if (data.links) chart.on("click", (point) => { const url = data.links[point.dataIndex]; if (url) location.href = url; });
  new ResizeObserver(() => chart.resize()).observe(area);
}

function start(part) {
  for (const [area, chart] of drawn) if (!area.isConnected) { chart.dispose(); drawn.delete(area); }
  part.querySelectorAll("[data-chart]").forEach(draw);
}

onPart(start);
