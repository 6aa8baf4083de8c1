/* Charts: the data stands in a JSON block beside the place; ECharts draws SVG without inline styles or eval, in the colours of the page. */

import { onPart } from "../core/elements.js";

const drawn = new Map();
const watched = new WeakSet();
const resized = new ResizeObserver((areas) => areas.forEach(({ target }) => drawn.get(target)?.resize()));
let paint;

/** The page's own colours, as the present palette has them. */
function mixed() {
  const worn = getComputedStyle(document.documentElement);
  const token = (name) => worn.getPropertyValue(`--${name}`).trim();
  return {
    colours: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`chart-${n}`)), ink: token("ink"), soft: token("ink-soft"),
    line: token("line"), edge: token("field-line"), surface: token("surface"),
  };
}

function axis(data) {
  const names = { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: paint.edge } }, axisLabel: { color: paint.soft, fontSize: 12, hideOverlap: true } };
  const numbers = { type: "value", min: data.min, max: data.max, splitLine: { lineStyle: { color: paint.line } }, axisLabel: { color: paint.soft, fontSize: 12, formatter: `{value}${data.unit ?? ""}` } };
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
  return { series: [{ type: "pie", radius: ["48%", "72%"], data: data.labels.map((name, i) => ({ name, value: one.data[i] })), label: { color: paint.ink, formatter: "{b} {d}%" } }] };
}

function option(data) {
  const several = data.series?.length > 1;
  return {
    color: paint.colours, animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: paint.ink },
    grid: { left: 8, right: 18, top: several ? 36 : 14, bottom: 4, containLabel: true },
    legend: several ? { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: paint.soft } } : undefined,
    /* richText: an HTML tooltip would write style="" and the page's policy forbids that. */
    tooltip: { trigger: data.kind === "pie" ? "item" : "axis", renderMode: "richText", confine: true, backgroundColor: paint.surface, borderColor: paint.line, textStyle: { fontSize: 12, color: paint.ink }, valueFormatter: (v) => (v == null ? "—" : `${v}${data.unit ?? ""}`) },
    ...(data.kind === "pie" ? pie(data) : { ...axis(data), series: series(data) }),
  };
}

function draw(figure) {
  const area = figure.querySelector("[data-chart-area]");
  const block = figure.querySelector("script[type='application/json']");
  if (!area || !block || drawn.has(area)) return;
  const data = JSON.parse(block.textContent);
  paint ??= mixed();
  const chart = window.echarts.init(area, null, { renderer: "svg" });
  drawn.set(area, chart);
  chart.setOption(data.option ? { color: paint.colours, ...data.option } : option(data));
  if (data.links) chart.on("click", (point) => { const url = data.links[point.dataIndex]; if (url) location.href = url; });
  if (!watched.has(area)) resized.observe(area);
  watched.add(area);
}

function start(part) {
  for (const [area, chart] of drawn) if (!area.isConnected) { chart.dispose(); drawn.delete(area); }
  part.querySelectorAll("[data-chart]").forEach(draw);
}

/** Another palette: every chart is drawn anew in it. */
function repaint() {
  paint = mixed();
  for (const [area, chart] of [...drawn]) { chart.dispose(); drawn.delete(area); draw(area.closest("[data-chart]")); }
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
onPart(start);
