/** What one network costs. */
export interface GrowthRow {
  readonly nodes: number
  /** CPU microseconds per node. */
  readonly build: number
  /** Bytes per node. */
  readonly memory: number
  /** Microseconds, the median. */
  readonly query: number
}

const [width, height, left, bottom] = [640, 360, 50, 310]
const series = [
  { key: 'query', label: 'query, µs (median)', colour: '#b8432f' },
  { key: 'memory', label: 'memory, bytes per node', colour: '#2f6db8' },
  { key: 'build', label: 'building, CPU µs per node', colour: '#3a8a3a' },
] as const

/** Lines over the number of nodes, which doubles from mark to mark. */
export function growthPlot(rows: readonly GrowthRow[]): string {
  const most = Math.max(...rows.flatMap((row) => series.map(({ key }) => row[key])))
  const top = Math.ceil(most / 20) * 20
  const span = Math.log2(rows.at(-1)!.nodes / rows[0]!.nodes)
  const x = (nodes: number) => left + 20 + (Math.log2(nodes / rows[0]!.nodes) / span) * (width - left - 210)
  const y = (value: number) => bottom - (value / top) * (bottom - 30)
  const lines = Array.from({ length: top / 20 + 1 }, (_, at) => at * 20).map(
    (value) =>
      `<path d="M${left} ${y(value)}H${width - 180}" stroke="#ddd"/><text x="${left - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  )
  const marks = rows.map(
    ({ nodes }) =>
      `<text x="${x(nodes).toFixed(0)}" y="${bottom + 20}" text-anchor="middle">${(nodes / 1e6).toFixed(2)} M</text>`,
  )
  const drawn = series.map(({ key, label, colour }) => {
    const points = rows.map((row) => `${x(row.nodes).toFixed(1)},${y(row[key]).toFixed(1)}`)
    const dots = points
      .map((point) => `<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="3"/>`)
      .join('')
    const last = y(rows.at(-1)![key]) + 4
    return `<g fill="${colour}"><polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}<text x="${width - 174}" y="${last.toFixed(0)}">${label}</text></g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>Cost of a contraction hierarchy over the number of nodes</title>',
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...[...lines, ...marks, ...drawn],
    `<text x="${left}" y="${height - 8}">nodes: one, two, four and nine copies of Rome, joined by motorways</text>`,
    '</svg>\n',
  ].join('\n')
}
