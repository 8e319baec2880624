import { CounterInstrument, type CounterSeries } from '../counter.ts'
import type { Instrument } from '../create-metrics.ts'
import type { MetricDescription } from '../definition.ts'
import type { Exemplar } from '../exemplar.ts'
import { HistogramInstrument, type HistogramSeries } from '../histogram.ts'
import type { Series } from '../instrument.ts'
import { escapeHelp, escapeLabelValue } from './escape.ts'
import { formatBound, formatNumber } from './format-number.ts'
import type { TextFormat } from './text-format.ts'
import { textBuckets } from './write-histogram.ts'

/** One instrument as text: its heading, then each series as one piece. Nothing when it has no series. */
export function* instrumentText(instrument: Instrument, format: TextFormat): Generator<string> {
  if (instrument.size === 0) return
  yield heading(instrument.description, format)
  const { name, labels } = instrument.description
  if (instrument instanceof HistogramInstrument)
    for (const series of instrument.all()) yield histogramText(instrument, series, format)
  else if (instrument instanceof CounterInstrument)
    for (const series of instrument.all()) yield counterText(name, labels, series, format)
  else
    for (const series of instrument.all())
      yield `${name}${braced(labelText(labels, series))} ${formatNumber(series.value)}\n`
}

/** OpenMetrics names the family, the older format the samples of a counter. */
function heading({ name, kind, help, unit }: MetricDescription, format: TextFormat): string {
  const isOpen = format === 'openmetrics'
  const family = kind === 'counter' && !isOpen ? `${name}_total` : name
  const unitLine = isOpen && unit !== '' ? `# UNIT ${family} ${unit}\n` : ''
  return `# TYPE ${family} ${kind}\n${unitLine}# HELP ${family} ${escapeHelp(help, isOpen)}\n`
}

function counterText(name: string, labels: readonly string[], series: CounterSeries, format: TextFormat): string {
  const sample = `${name}_total${braced(labelText(labels, series))} ${formatNumber(series.value)}`
  return `${sample}${exemplarText(series.exemplar, format)}\n`
}

function histogramText(instrument: HistogramInstrument, series: HistogramSeries, format: TextFormat): string {
  const { name, labels: names } = instrument.description
  const labels = labelText(names, series)
  const bucketStart = `${name}_bucket{${labels === '' ? '' : `${labels},`}le="`
  const isOpen = format === 'openmetrics'
  let text = ''
  for (const { bound, count, exemplar } of textBuckets(instrument, series))
    text += `${bucketStart}${formatBound(bound, isOpen)}"} ${count}${exemplarText(exemplar, format)}\n`
  const own = braced(labels)
  return `${text}${name}_sum${own} ${formatNumber(series.sum)}\n${name}_count${own} ${series.count}\n`
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`
}

/** The overflow series has the label that OpenTelemetry's metrics SDK specification gives it. */
function labelText(names: readonly string[], { labels }: Series): string {
  if (labels === undefined) return 'otel_metric_overflow="true"'
  return names.map((name, index) => `${name}="${escapeLabelValue(labels[index]!)}"`).join(',')
}

function exemplarText(exemplar: Exemplar | undefined, format: TextFormat): string {
  if (exemplar === undefined || format !== 'openmetrics') return ''
  const labels = Object.entries(exemplar.labels).map(([name, value]) => `${name}="${escapeLabelValue(value)}"`)
  return ` # {${labels.join(',')}} ${formatNumber(exemplar.value)} ${exemplar.time / 1_000}`
}
