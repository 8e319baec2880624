// Services made from the documented APIs, as far as the sinks use them.
import { ProtobufReader, snappyDecompress } from '@exprsn/core/bytes'
import type { ServiceAnswer, ServiceProtocol } from '@exprsn/logs/testing'

const isPoison = (message: string): boolean => message.includes('poison')

/** The `msg` of a line; the line itself where it has none. */
function messageOf(line: string): string {
  try {
    const { msg } = JSON.parse(line) as { readonly msg?: unknown }
    return typeof msg === 'string' ? msg : line
  } catch {
    return line
  }
}

/** Elasticsearch's and OpenSearch's `_bulk` with `create`. */
export const bulkProtocol: ServiceProtocol = {
  answer({ body, path, method }, { keep, fault }): ServiceAnswer {
    if (method === 'PUT') return { status: 200, body: '{"acknowledged":true}' }
    if (!path.includes('/_bulk?')) return { status: 404 }
    const lines = body.toString().split('\n')
    const items = []
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const { create } = JSON.parse(lines[at]!) as { create: { _id: string } }
      const document = JSON.parse(lines[at + 1]!) as { '@timestamp': string }
      const message = messageOf(lines[at + 1]!)
      if (Number.isNaN(Date.parse(document['@timestamp']))) return { status: 400, body: 'no timestamp' }
      if (fault === 'partial' && at % 4 === 0)
        items.push({ create: { status: 429, error: { type: 'es_rejected_execution_exception' } } })
      else if (isPoison(message))
        items.push({ create: { status: 400, error: { type: 'document_parsing_exception', reason: 'poison' } } })
      else items.push({ create: { status: keep({ id: create._id, message }) ? 201 : 409 } })
    }
    const errors = items.some(({ create }) => create.status !== 201)
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ errors, items }) }
  },
}

interface LokiEntry {
  readonly labels: string
  readonly at: string
  readonly line: string
}

/** Loki's push API. It knows a line by its stream, its nanosecond and its text. */
export const lokiProtocol: ServiceProtocol = {
  answer({ body, headers, path }, { keep }): ServiceAnswer {
    if (path !== '/loki/api/v1/push') return { status: 404 }
    const entries = headers['content-type'] === 'application/json' ? lokiJson(body) : lokiProtobuf(body)
    let refused = false
    for (const { labels, at, line } of entries) {
      const msg = messageOf(line)
      // Loki keeps the good lines of a request that it answers with 400.
      if (isPoison(msg)) refused = true
      else keep({ id: `${labels} ${at} ${line}`, message: msg })
    }
    return refused ? { status: 400, body: 'entry too far behind' } : { status: 204 }
  },
}

function lokiJson(body: Buffer): LokiEntry[] {
  const { streams } = JSON.parse(body.toString()) as { streams: { stream: object; values: [string, string][] }[] }
  return streams.flatMap(({ stream, values }) =>
    values.map(([at, line]) => ({ labels: JSON.stringify(stream), at, line })),
  )
}

function lokiProtobuf(body: Buffer): LokiEntry[] {
  const entries: LokiEntry[] = []
  const request = new ProtobufReader(snappyDecompress(body, { limit: 2 ** 26 }))
  while (request.next()) {
    const stream = request.message()
    let labels = ''
    while (stream.next()) {
      if (stream.field === 1) {
        labels = stream.text()
        continue
      }
      const entry = stream.message()
      let at = ''
      while (entry.next()) {
        if (entry.field === 1) {
          const time = entry.message()
          while (time.next()) at += `${time.number('int64')}.`
        } else entries.push({ labels, at, line: entry.text() })
      }
    }
  }
  return entries
}

/** OTLP logs over HTTP. */
export const otlpProtocol: ServiceProtocol = {
  answer({ body, headers, path }, { keep }): ServiceAnswer {
    if (path !== '/v1/logs') return { status: 404 }
    const records = headers['content-type'] === 'application/json' ? otlpJson(body) : otlpProtobuf(body)
    if (records.some(({ message }) => isPoison(message))) return { status: 400 }
    for (const record of records) keep(record)
    return { status: 200 }
  },
}

interface Pair {
  readonly key: string
  readonly value: { readonly stringValue?: string }
}

function otlpJson(body: Buffer): { id: string; message: string }[] {
  const request = JSON.parse(body.toString()) as {
    resourceLogs: { scopeLogs: { logRecords: { body: { stringValue: string }; attributes: Pair[] }[] }[] }[]
  }
  const records = request.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
  return records.map(({ body: text, attributes }) => ({
    id: attributes.find(({ key }) => key === 'log.record.uid')!.value.stringValue!,
    message: text.stringValue,
  }))
}

function otlpProtobuf(body: Buffer): { id: string; message: string }[] {
  const found: { id: string; message: string }[] = []
  const inside = (reader: ProtobufReader, field: number, act: (message: ProtobufReader) => void): void => {
    while (reader.next()) {
      if (reader.field === field) act(reader.message())
      else reader.skip()
    }
  }
  inside(new ProtobufReader(body), 1, (resourceLogs) =>
    inside(resourceLogs, 2, (scopeLogs) =>
      inside(scopeLogs, 2, (record) => {
        let id = ''
        let message = ''
        while (record.next()) {
          if (record.field === 5) inside2(record.message(), (text) => (message = text))
          else if (record.field === 6) {
            const pair = record.message()
            let key = ''
            while (pair.next()) {
              if (pair.field === 1) key = pair.text()
              else if (key === 'log.record.uid') inside2(pair.message(), (text) => (id = text))
              else pair.skip()
            }
          } else record.skip()
        }
        found.push({ id, message })
      }),
    ),
  )
  return found
}

function inside2(value: ProtobufReader, take: (text: string) => void): void {
  while (value.next()) {
    if (value.field === 1) take(value.text())
    else value.skip()
  }
}

/** ClickHouse's HTTP interface with JSONEachRow; ids as ReplacingMergeTree knows them after a merge. */
export const clickhouseProtocol: ServiceProtocol = {
  answer({ body, path }, { keep }): ServiceAnswer {
    if (!path.includes('FORMAT%20JSONEachRow'))
      return { status: body.toString().startsWith('CREATE TABLE IF NOT EXISTS') ? 200 : 400 }
    const rows = body
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((row) => JSON.parse(row) as { id: string; msg: string; time: string })
    if (rows.some(({ msg }) => isPoison(msg))) return { status: 400, body: 'Code: 117. DB::Exception' }
    if (rows.some(({ time }) => !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(time))) return { status: 400 }
    for (const { id, msg } of rows) keep({ id, message: msg })
    return { status: 200 }
  },
}
