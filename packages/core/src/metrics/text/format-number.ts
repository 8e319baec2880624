/** A sample's value. */
export function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}

/** A bound: OpenMetrics 1.0, "Canonical Numbers", wants a fraction in it, so that it is always the same text. */
export function formatBound(value: number, canonical: boolean): string {
  const text = formatNumber(value)
  return canonical && /^-?\d+$/.test(text) ? `${text}.0` : text
}
