/** Labels of one example of what was measured, such as `{ trace_id, span_id }`. At most 128 characters together. */
export type ExemplarLabels = Readonly<Record<string, string>>

/** One example among the values that a counter or a bucket has counted. */
export interface Exemplar {
  readonly labels: ExemplarLabels
  readonly value: number
  /** Milliseconds since 1970. */
  readonly time: number
}

/** OpenMetrics 1.0, "Exemplars": names and values of an exemplar's labels together. */
const longestLabels = 128

const name = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** An exemplar, or undefined when its labels are too long or no labels: it is an extra, so nobody is told. */
export function exemplarOf(labels: ExemplarLabels, value: number, time: number): Exemplar | undefined {
  const entries = Object.entries(labels)
  const isValid = entries.every(([key, text]) => name.test(key) && typeof text === 'string')
  if (!isValid || Array.from(entries.flat().join('')).length > longestLabels) return undefined
  return { labels: Object.fromEntries(entries), value, time }
}
