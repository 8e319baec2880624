/** The formats that Prometheus and its relatives read. */
export type TextFormat = 'prometheus' | 'openmetrics'

/** What stands in the `Content-Type` of each format. */
export const textContentTypes: Readonly<Record<TextFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** The format that an `Accept` header prefers: OpenMetrics when it is named and not refused. */
export function chooseTextFormat(accept: string | null): TextFormat {
  const isAsked = (accept ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    return type === 'application/openmetrics-text' && !isRefused
  })
  return isAsked ? 'openmetrics' : 'prometheus'
}
