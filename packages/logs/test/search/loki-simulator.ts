// As much of Loki as the search uses, made from its documented API: it keeps what the push API is given, reads queries that
// Grafana's own grammar takes, works them out line by line, and refuses whatever else it is asked.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parser } from '@grafana/lezer-logql'
import { RE2JS } from 're2js'

interface Entry {
  readonly labels: Readonly<Record<string, string>>
  /** Nanoseconds since 1970. */
  readonly at: bigint
  readonly line: string
}

/** A line on its way through a pipeline. */
interface Passing {
  readonly at: bigint
  readonly line: string
  readonly labels: Map<string, string>
  number?: number
}

class Refusal extends Error {}

/** A running simulator. */
export interface LokiSimulator extends AsyncDisposable {
  readonly url: string
  readonly queries: readonly string[]
}

export async function startLokiSimulator(): Promise<LokiSimulator> {
  const entries: Entry[] = []
  const queries: string[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
      try {
        if (pathname === '/loki/api/v1/push') {
          take(Buffer.concat(parts).toString(), entries)
          return void response.writeHead(204).end()
        }
        if (request.headers['x-scope-orgid'] === 'nobody') return void response.writeHead(401).end('no org id')
        queries.push(searchParams.get('query')!)
        const result = answer(pathname, searchParams, entries)
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ status: 'success', data: result }))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        response.writeHead(400).end(error.message)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    queries,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function take(body: string, entries: Entry[]): void {
  const { streams } = JSON.parse(body) as {
    streams: readonly { stream: Record<string, string>; values: readonly [string, string][] }[]
  }
  for (const { stream, values } of streams)
    for (const [at, line] of values) entries.push({ labels: stream, at: BigInt(at), line })
}

function answer(path: string, parameters: URLSearchParams, entries: readonly Entry[]) {
  const query = parameters.get('query')!
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) throw new Refusal(`parse error at ${node.from}: ${query}`)
    },
  })
  const nanoseconds = (name: string): bigint => {
    if (!/^\d{19}$/.test(parameters.get(name) ?? '')) throw new Refusal(`${name} is missing`)
    return BigInt(parameters.get(name)!)
  }
  if (path === '/loki/api/v1/query')
    return {
      resultType: 'vector',
      result: metric(query, nanoseconds('time'), entries).map(({ key, value }) => ({ metric: key, value: [0, value] })),
    }
  if (path !== '/loki/api/v1/query_range') throw new Refusal(`no ${path}`)
  const [start, end] = [nanoseconds('start'), nanoseconds('end')]
  if (end < start) throw new Refusal('end timestamp must not be before or equal to start time')
  if (query.startsWith('{')) return streams(query, start, end, parameters, entries)
  const step = BigInt(/^(\d+)ms$/.exec(parameters.get('step') ?? '')![1]!) * 1_000_000n
  if ((end - start) / step > 11_000n) throw new Refusal('exceeded maximum resolution of 11,000 points per timeseries')
  const series = new Map<string, { metric: object; values: [number, string][] }>()
  for (let at = start; at <= end; at += step)
    for (const { key, value } of metric(query, at, entries)) {
      const name = JSON.stringify(key)
      const known = series.get(name) ?? { metric: key, values: [] }
      known.values.push([Number(at / 1_000_000n) / 1_000, value])
      series.set(name, known)
    }
  return { resultType: 'matrix', result: [...series.values()] }
}

function streams(query: string, start: bigint, end: bigint, parameters: URLSearchParams, entries: readonly Entry[]) {
  const limit = Number(parameters.get('limit'))
  if (limit > 5_000) throw new Refusal('max entries limit per query exceeded')
  const sign = parameters.get('direction') === 'backward' ? -1 : 1
  const found = run(
    query,
    entries.filter(({ at }) => at >= start && at < end),
  ).sort((a, b) => (a.at < b.at ? -1 : 1) * sign)
  const byLabels = new Map<string, { stream: object; values: [string, string][] }>()
  for (const { at, line, labels } of found.slice(0, limit)) {
    const name = JSON.stringify([...labels])
    const known = byLabels.get(name) ?? { stream: Object.fromEntries(labels), values: [] }
    known.values.push([String(at), line])
    byLabels.set(name, known)
  }
  return { resultType: 'streams', result: [...byLabels.values()] }
}

type Vector = readonly { readonly key: Record<string, string>; readonly value: string }[]

/** `sum by (a) (count_over_time({…} … [5m]))`, or what is around it again. */
function metric(query: string, time: bigint, entries: readonly Entry[]): Vector {
  const outer = /^(sum|count|min|max)(?: by \(([^)]*)\) )?\((.*)\)$/s.exec(query)
  if (outer !== null) {
    const [, name, names, inner] = outer as unknown as [string, 'sum', string | undefined, string]
    const kept = names?.split(', ') ?? []
    const groups = new Map<string, number[]>()
    for (const { key, value } of metric(inner, time, entries)) {
      const group = JSON.stringify(
        Object.fromEntries(kept.filter((label) => key[label] !== undefined).map((label) => [label, key[label]])),
      )
      groups.set(group, [...(groups.get(group) ?? []), Number(value)])
    }
    return Array.from(groups, ([key, values]) => ({
      key: JSON.parse(key) as Record<string, string>,
      value: String(over(name, values)),
    }))
  }
  const range = /^(count|sum|min|max)_over_time\((.*) \[(\d+)ms\]\)$/s.exec(query)
  if (range === null) throw new Refusal(`unknown expression ${query}`)
  const [, name, pipeline, width] = range as unknown as [string, 'sum', string, string]
  const from = time - BigInt(width) * 1_000_000n
  const groups = new Map<string, number[]>()
  const passing = run(
    pipeline,
    entries.filter(({ at }) => at > from && at <= time),
  )
  for (const { labels, number } of passing) {
    if (labels.has('__error__')) throw new Refusal('pipeline error')
    if (name !== ('count' as string) && number === undefined) throw new Refusal(`${name}_over_time needs unwrap`)
    const key = JSON.stringify(Object.fromEntries([...labels].sort(([a], [b]) => (a < b ? -1 : 1))))
    groups.set(key, [...(groups.get(key) ?? []), number ?? 1])
  }
  if (groups.size > 500) throw new Refusal('maximum of series (500) reached for a single query')
  return Array.from(groups, ([key, values]) => ({
    key: JSON.parse(key) as Record<string, string>,
    value: String(over(name, values)),
  }))
}

function over(name: string, values: readonly number[]): number {
  if (name === 'count') return values.length
  if (name === 'sum') return values.reduce((sum, value) => sum + value, 0)
  return name === 'min' ? Math.min(...values) : Math.max(...values)
}

const text = '"(?:[^"\\\\]|\\\\.)*"'

function run(pipeline: string, entries: readonly Entry[]): Passing[] {
  const selector = new RegExp(`^\\{((?:[^"}]|${text})*)\\}`).exec(pipeline)!
  const wanted = Array.from(
    selector[1]!.matchAll(new RegExp(`(\\w+)=(${text})`, 'g')),
    ([, name, value]) => [name!, JSON.parse(value!) as string] as const,
  )
  const stages = stagesOf(pipeline.slice(selector[0].length))
  const found: Passing[] = []
  for (const { labels, at, line } of entries) {
    if (!wanted.every(([name, value]) => labels[name] === value)) continue
    const passing: Passing = { at, line, labels: new Map(Object.entries(labels)) }
    if (stages.every((stage) => stage(passing))) found.push(passing)
  }
  return found
}

type Stage = (line: Passing) => boolean

function stagesOf(rest: string): Stage[] {
  const parts = rest.match(new RegExp(`(?:\\|~|!~) ${text}|\\| (?:${text}|[^|"])+`, 'g')) ?? []
  if (parts.map((part) => part.trim()).join(' ') !== rest.trim()) throw new Refusal(`stages of ${rest}`)
  return parts.map((part) => stageOf(part.trim()))
}

function stageOf(stage: string): Stage {
  const lineFilter = new RegExp(`^(\\|~|!~) (${text})$`, 's').exec(stage)
  if (lineFilter !== null) {
    const pattern = compiled(JSON.parse(lineFilter[2]!) as string)
    return ({ line }) => pattern.test(line) === (lineFilter[1] === '|~')
  }
  const [, name, content] = /^\| (json|drop|keep|unwrap)? ?(.*)$/s.exec(stage)!
  if (name === 'json') {
    const pairs = Array.from(
      content!.matchAll(new RegExp(`(\\w+)=(${text})`, 'g')),
      ([, label, path]) => [label!, JSON.parse(path!) as string] as const,
    )
    return (line) => extract(line, pairs)
  }
  if (name === 'drop') {
    return ({ labels }) => {
      for (const label of content!.split(', ')) labels.delete(label)
      return true
    }
  }
  if (name === 'keep') {
    const kept = content!.split(', ')
    return ({ labels }) => {
      for (const label of labels.keys()) if (!kept.includes(label) && label !== '__error__') labels.delete(label)
      return true
    }
  }
  if (name === 'unwrap') {
    return (line) => {
      const value = line.labels.get(content!)
      line.labels.delete(content!)
      if (value === undefined || Number.isNaN(Number(value))) line.labels.set('__error__', 'SampleExtractionErr')
      else line.number = Number(value)
      return value !== undefined
    }
  }
  return labelStage(content!)
}

function extract({ line, labels }: Passing, pairs: readonly (readonly [string, string])[]): boolean {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    labels.set('__error__', 'JSONParserErr')
    return true
  }
  for (const [label, path] of pairs) {
    let value: unknown = parsed
    for (const [, bracket, plain] of path.matchAll(new RegExp(`\\[(${text})\\]|\\.?([A-Za-z_]\\w*)`, 'g'))) {
      const key = plain ?? (JSON.parse(bracket!) as string)
      value =
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined
    }
    if (value === undefined || value === null || value === '') continue
    labels.set(label, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return true
}

/** `(a=~"x" and b!="") or c > 5` */
function labelStage(expression: string): Stage {
  const tokens = expression.match(new RegExp(`${text}|\\(|\\)|-?\\d[\\d.]*|\\w+|=~|!~|>=|<=|!=|=|>|<`, 'g')) ?? []
  let at = 0
  const primary = (): Stage => {
    if (tokens[at] === '(') {
      at++
      const inner = either()
      if (tokens[at++] !== ')') throw new Refusal('a parenthesis is missing')
      return inner
    }
    const [label, operator, value] = [tokens[at]!, tokens[at + 1]!, tokens[at + 2]!]
    at += 3
    return labelTest(label, operator, value)
  }
  const both = (): Stage => {
    let stage = primary()
    while (tokens[at] === 'and') {
      at++
      const [left, right] = [stage, primary()]
      stage = (line) => [left(line), right(line)].every(Boolean)
    }
    return stage
  }
  const either = (): Stage => {
    let stage = both()
    while (tokens[at] === 'or') {
      at++
      const [left, right] = [stage, both()]
      stage = (line) => left(line) || right(line)
    }
    return stage
  }
  const stage = either()
  if (at !== tokens.length) throw new Refusal(`what stands behind ${tokens.slice(0, at).join(' ')}`)
  return stage
}

function labelTest(label: string, operator: string, value: string): Stage {
  if (value.startsWith('"')) {
    const wanted = JSON.parse(value) as string
    const valueOf = ({ labels }: Passing): string => labels.get(label) ?? ''
    if (operator === '=') return (line) => valueOf(line) === wanted
    if (operator === '!=') return (line) => valueOf(line) !== wanted
    const pattern = compiled(wanted)
    return (line) => pattern.matches(valueOf(line)) === (operator === '=~')
  }
  const limit = Number(value)
  return ({ labels }) => {
    // What is no number is an error, and the line goes on; what is not there does not.
    const text = labels.get(label)
    if (text === undefined) return false
    const number = Number(text)
    if (Number.isNaN(number)) {
      labels.set('__error__', 'LabelFilterErr')
      return true
    }
    return operator === '>'
      ? number > limit
      : operator === '>='
        ? number >= limit
        : operator === '<'
          ? number < limit
          : number <= limit
  }
}

function compiled(pattern: string) {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    throw new Refusal((error as Error).message)
  }
}
