// As much of Elasticsearch as the search uses, made from its documented API: it indexes what `_bulk` creates under the index
// template of the search, evaluates queries and aggregations, and refuses whatever else it is asked.
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

type Json = Readonly<Record<string, unknown>>

interface Document {
  readonly source: Json
  readonly time: number
  readonly level: string | undefined
  /** By field; `all_values` has all. */
  readonly values: ReadonlyMap<string, readonly string[]>
}

class Refusal extends Error {}

/** A running simulator. */
export interface ElasticsearchSimulator extends AsyncDisposable {
  readonly url: string
  /** Bodies of searches so far. */
  readonly searches: readonly Json[]
  /** What the next search is answered with. */
  answerNext(answer: { readonly status: number; readonly body: string }): void
}

export async function startElasticsearchSimulator(): Promise<ElasticsearchSimulator> {
  const documents: Document[] = []
  const searches: Json[] = []
  let next: { readonly status: number; readonly body: string } | undefined
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const raw = Buffer.concat(parts)
      const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString()
      response.setHeader('content-type', 'application/json')
      try {
        if (request.url!.includes('/_bulk')) return void response.end(JSON.stringify(takeBulk(body, documents)))
        if (!request.url!.endsWith('/_search')) return void response.writeHead(404).end('{}')
        if (next !== undefined) {
          const { status, body: text } = next
          next = undefined
          return void response.writeHead(status).end(text)
        }
        searches.push(JSON.parse(body) as Json)
        response.end(JSON.stringify(answerSearch(searches.at(-1)!, documents)))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        response.writeHead(400).end(JSON.stringify({ error: { type: 'parsing_exception', reason: error.message } }))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    searches,
    answerNext: (answer) => void (next = answer),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function takeBulk(body: string, documents: Document[]) {
  const lines = body.split('\n')
  const items = []
  for (let at = 1; at < lines.length; at += 2) {
    const source = JSON.parse(lines[at]!) as Json
    const values = new Map<string, string[]>()
    const add = (field: string, value: string): void => {
      if (value.length > 8_191) return
      values.set(field, [...(values.get(field) ?? []), value])
    }
    const visit = (path: readonly string[], value: unknown): void => {
      if (Array.isArray(value)) for (const each of value) visit(path, each)
      else if (typeof value === 'object' && value !== null)
        for (const [key, inner] of Object.entries(value)) visit([...path, key], inner)
      else if (value !== null)
        for (const field of [path.join('.'), 'all_values'])
          add(field, typeof value === 'string' ? value : JSON.stringify(value))
    }
    for (const [key, value] of Object.entries(source))
      if (key !== '@timestamp' && key !== 'log.level') visit([key], value)
    const level = source['log.level']
    const time = Date.parse(String(source['@timestamp']))
    documents.push({ source, time, level: typeof level === 'string' ? level : undefined, values })
    items.push({ create: { status: 201 } })
  }
  return { errors: false, items }
}

function answerSearch(request: Json, documents: readonly Document[]) {
  known(request, ['size', 'from', 'query', 'sort', 'aggs', 'track_total_hits'], 'the request')
  const [size, from] = [Number(request.size ?? 10), Number(request.from ?? 0)]
  if (from + size > 10_000) throw new Refusal('Result window is too large')
  const found = documents.filter((document) => matches(request.query as Json, document))
  const hits = size === 0 ? [] : sorted(found, request.sort as readonly unknown[]).slice(from, from + size)
  return {
    timed_out: false,
    _shards: { total: 1, successful: 1, failed: 0 },
    hits: {
      ...(request.track_total_hits === true ? { total: { value: found.length, relation: 'eq' } } : {}),
      hits: hits.map(({ source, time }) => ({ _source: source, sort: [time, documents.length] })),
    },
    ...(request.aggs === undefined ? {} : { aggregations: aggregate(request.aggs as Json, found) }),
  }
}

function sorted(found: readonly Document[], sort: readonly unknown[]): readonly Document[] {
  const { order } = (sort[0] as { readonly '@timestamp': { readonly order: string } })['@timestamp']
  if (sort[1] !== '_doc') throw new Refusal('the order of equal times is not said')
  return found.toSorted((first, second) => (first.time - second.time) * (order === 'desc' ? -1 : 1))
}

function matches(query: Json, document: Document): boolean {
  const [[type, content] = ['', {}], ...others] = Object.entries(query) as [string, Json][]
  if (others.length > 0) throw new Refusal('a query has one type')
  switch (type) {
    case 'match_all':
      return true
    case 'match_none':
      return false
    case 'bool': {
      known(content, ['filter', 'should', 'must_not', 'minimum_should_match'], 'bool')
      const of = (name: string): readonly Json[] => (content[name] ?? []) as readonly Json[]
      if (of('should').length > 0 && content.minimum_should_match !== 1) throw new Refusal('minimum_should_match')
      return (
        of('filter').every((each) => matches(each, document)) &&
        (of('should').length === 0 || of('should').some((each) => matches(each, document))) &&
        !of('must_not').some((each) => matches(each, document))
      )
    }
    case 'exists':
      return valuesOf(String(content.field), document).length > 0
    case 'term':
    case 'terms':
    case 'regexp':
    case 'range': {
      const [[field, test] = ['', undefined], ...more] = Object.entries(content)
      if (more.length > 0) throw new Refusal(`[${type}] query does not support several fields`)
      return valuesOf(field, document).some((value) => passes(type, test, value))
    }
    default:
      throw new Refusal(`unknown query [${type}]`)
  }
}

function valuesOf(field: string, document: Document): readonly (string | number)[] {
  if (field === '@timestamp') return [document.time]
  if (field === 'log.level') return document.level === undefined ? [] : [document.level]
  const [, path, kind] = /^(.*?)(?:\.(tokens|number))?$/s.exec(field)!
  const values = document.values.get(path!) ?? []
  if (kind === 'tokens')
    return values.flatMap((value) => value.split(/[^A-Za-z0-9_]+/).map((token) => token.toLowerCase()))
  if (kind === 'number') return values.filter(isNumber).map(Number)
  return values
}

function isNumber(value: string): boolean {
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(value)
}

function passes(type: string, test: unknown, value: string | number): boolean {
  if (type === 'term') return value === (test as { readonly value: string }).value
  if (type === 'terms') return (test as readonly unknown[]).includes(value)
  if (type === 'range') {
    const bounds = test as Json
    known(bounds, ['gt', 'gte', 'lt', 'lte', 'format'], 'range')
    const { gt, gte, lt, lte } = bounds as Record<string, string | number>
    for (const limit of [gt, gte, lt, lte])
      if (limit !== undefined && typeof limit !== typeof value) throw new Refusal(`failed to parse [${String(limit)}]`)
    return (
      (gt === undefined || value > gt) &&
      (gte === undefined || value >= gte) &&
      (lt === undefined || value < lt) &&
      (lte === undefined || value <= lte)
    )
  }
  const { value: pattern, flags } = test as { readonly value: string; readonly flags: string }
  if (flags !== 'NONE') throw new Refusal('operators beyond the usual ones are on')
  return luceneMatches(pattern, String(value))
}

/** Lucene's syntax is that of JavaScript here, but that it always matches the whole value and knows no other escapes than of signs. */
function luceneMatches(pattern: string, value: string): boolean {
  if (pattern.length > 1_000)
    throw new Refusal('the length of regex used in the Regexp Query exceeds index.max_regex_length')
  if (/\\[A-Za-z0-9]|\(\?|[*+?}][*+?]/.test(pattern)) throw new Refusal(`the pattern ${pattern}`)
  // JavaScript wants no backslash before signs that mean nothing to it.
  const plain = pattern.replace(/\\([^A-Za-z0-9])/gs, (_, sign: string) => `\\u{${sign.codePointAt(0)!.toString(16)}}`)
  return new RegExp(`^(?:${plain})$`, 'su').test(value)
}

function aggregate(aggs: Json, found: readonly Document[]): Json {
  return Object.fromEntries(
    Object.entries(aggs).map(([name, aggregation]) => {
      if (/[[\]>]/.test(name)) throw new Refusal(`Invalid aggregation name [${name}]`)
      const { aggs: inner = {}, ...types } = aggregation as Json
      const [[type, content] = ['', {}], ...others] = Object.entries(types) as [string, Json][]
      if (others.length > 0) throw new Refusal('an aggregation has one type')
      return [name, type === 'composite' ? composite(content, inner as Json, found) : metric(type, content, found)]
    }),
  )
}

function metric(type: string, content: Json, found: readonly Document[]): Json {
  if (type === 'filter') return { doc_count: found.filter((document) => matches(content, document)).length }
  const field = String(content.field)
  const values = found.flatMap((document) => valuesOf(field, document))
  if (type === 'cardinality') return { value: new Set(values).size }
  const numbers = values.map((value) => {
    if (typeof value === 'string')
      throw new Refusal(`Field [${field}] of type [keyword] is not supported for [${type}]`)
    return value
  })
  const sum = numbers.reduce((total, value) => total + value, 0)
  if (type === 'stats') return { count: numbers.length, sum }
  if (type === 'percentiles') {
    const order = numbers.toSorted((first, second) => first - second)
    return {
      values: (content.percents as readonly number[]).map((key) => ({
        key,
        value: order[Math.floor((key / 100) * order.length)] ?? null,
      })),
    }
  }
  if (numbers.length === 0) return { value: null }
  if (type === 'avg') return { value: sum / numbers.length }
  if (type === 'min' || type === 'max') return { value: numbers.reduce((a, b) => Math[type as 'min'](a, b)) }
  throw new Refusal(`Unknown aggregation type [${type}]`)
}

function composite(content: Json, inner: Json, found: readonly Document[]): Json {
  known(content, ['size', 'sources', 'after'], 'composite')
  const { size, sources, after } = content as { size: number; sources: readonly Json[]; after?: Json }
  if (size > 65_535) throw new Refusal('too many buckets')
  const groups = new Map<string, Document[]>()
  for (const document of found) {
    let keys: Json[] = [{}]
    for (const source of sources) {
      const [[name, definition]] = Object.entries(source) as [[string, Json]]
      const labels = labelsOf(definition, document)
      keys = keys.flatMap((key) => labels.map((label) => ({ ...key, [name]: label })))
    }
    for (const key of keys.map((each) => JSON.stringify(each))) groups.set(key, [...(groups.get(key) ?? []), document])
  }
  const names = [...groups.keys()].sort()
  const rest = after === undefined ? names : names.filter((each) => each > JSON.stringify(after))
  const page = rest.slice(0, size)
  const buckets = page.map((key) => ({
    key: JSON.parse(key) as Json,
    doc_count: groups.get(key)!.length,
    ...aggregate(inner, groups.get(key)!),
  }))
  return { buckets, ...(buckets.length === 0 ? {} : { after_key: buckets.at(-1)!.key }) }
}

function labelsOf(definition: Json, document: Document): readonly (string | number | null)[] {
  const { terms, date_histogram: histogram } = definition as {
    readonly terms?: { readonly field: string; readonly missing_bucket?: boolean }
    readonly date_histogram?: { readonly field: string; readonly fixed_interval: string }
  }
  if (histogram !== undefined) {
    const width = Number(/^(\d+)ms$/.exec(histogram.fixed_interval)![1])
    return valuesOf(histogram.field, document).map((time) => Math.floor(Number(time) / width) * width)
  }
  const labels = [...new Set(valuesOf(terms!.field, document))]
  return labels.length === 0 && terms!.missing_bucket === true ? [null] : labels
}

function known(content: Json, names: readonly string[], place: string): void {
  for (const name of Object.keys(content))
    if (!names.includes(name)) throw new Refusal(`${place}: unknown field [${name}]`)
}
