import { createLogStore, type LogStore } from '@exprsn/logs/store'
import { createRecord, type LogRecord } from '@exprsn/logs'
import { memoryStore } from '@exprsn/core/storage'
import type { LogSearch, SearchResult } from '@exprsn/logs/search'

export const firstTime = Date.UTC(2026, 10, 20, 10)

const levels = [10, 20, 30, 40, 50, 60, 'error', 'Warning']
const messages = [
  'upstream timeout after 30 s',
  'Failed to connect: ECONNRESET (10.0.0.7)',
  'user alice logged in',
  'cache miss for /accounts/7/x_y',
  'say "hi" to über',
  'tab\there, \\ there',
  'timeouts are no timeout_s',
  '',
]

/** Lines as services write them: nested fields, arrays, nothing, texts with signs. Two of a kind never share a millisecond. */
export function linesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      level: levels[(index * 5) % levels.length],
      time: firstTime + index * 7_000,
      service: ['api', 'web', 'billing'][index % 3],
      took: index % 11 === 0 ? undefined : (index * 37) % 900,
      http: index % 4 === 0 ? { status: 200 + (index % 5), path: `/a/${index}` } : undefined,
      tags: index % 6 === 0 ? ['red', `t${index % 4}`] : undefined,
      ratio: index % 7 === 0 ? index / 8 : undefined,
      ok: index % 5 === 0 ? index % 2 === 0 : undefined,
      none: index % 9 === 0 ? null : undefined,
      msg: messages[index % messages.length],
    }),
  )
}

/** As a shipper gives them to a sink. */
export function recordsOf(lines: readonly string[]): LogRecord[] {
  return lines.map((line, index) =>
    createRecord({
      id: `spool-${String(index + 1).padStart(6, '0')}`,
      bytes: Buffer.from(line),
      fallbackTime: firstTime,
    }),
  )
}

/** An embedded store with these lines. */
export async function storeOf(lines: readonly string[]): Promise<LogStore> {
  const store = createLogStore({ store: memoryStore(), sealAfter: 0, maintenanceInterval: 0 })
  await store.append(lines)
  await store.flush()
  return store
}

const span = '_time:[2026-11-20T10, 2026-11-20T10:59]'

/** Questions that every engine answers as the embedded store does. */
export const commonQuestions = [
  `${span}`,
  `${span} timeout`,
  `${span} TIMEOUT service:api`,
  `${span} service:=api level:error`,
  `${span} level:>=warn`,
  `${span} -service:=web`,
  `${span} NOT level:info`,
  `${span} took:>500`,
  `${span} took:[100, 300)`,
  `${span} took:<=0`,
  `${span} service:in(api, billing) took:*`,
  `${span} http.status:=202`,
  `${span} http.status:>=203`,
  `${span} msg:~"ECONN(RESET|REFUSED)"`,
  `${span} msg:~"^user [a-z]+"`,
  `${span} msg:conn*`,
  `${span} msg:"logged in"`,
  `${span} (service:=api OR service:=web) took:>100`,
  `${span} user alice`,
  `${span} ratio:>1.5`,
  `${span} ok:=true`,
  `${span} took:>-5`,
  '_time:[2026-11-20T10:01, 2026-11-20T10:05)',
  `${span} nothing_like_this`,
  `${span} | stats count()`,
  `${span} | stats count() by service`,
  `${span} timeout | stats count() as lines by service`,
  `${span} | stats count() by bucket(5m)`,
  `${span} | stats count() by service, bucket(10m)`,
  `${span} | stats count(took), sum(took), avg(took), min(took), max(took)`,
  `${span} | stats sum(took), max(took) by service`,
  `${span} | stats count() by http.status`,
  `${span} | stats rate() by service`,
  `${span} | top 2 by service`,
  `${span} took:>500 | stats count() by service | sort count desc | limit 1`,
  `${span} | sort _time asc | limit 7`,
  `${span} service:=api | sort took desc, _time asc | limit 5 | fields _time, took, service`,
  `${span} nothing_like_this | stats count(), sum(took)`,
  `${span} nothing_like_this | stats count() by service`,
]

/** What is compared of an answer. Sums of binary fractions depend on their order: twelve digits are what is asked of them. */
export function comparable(result: SearchResult, textOf: (text: string) => unknown = (text) => text): unknown {
  if (result.kind === 'lines') return result.lines.map(({ time, text }) => [time, textOf(text)])
  return {
    columns: result.columns,
    rows: result.rows.map((row) =>
      result.columns.map((name) => {
        const value = row[name] ?? null
        return typeof value === 'number' ? Number(value.toPrecision(12)) : value
      }),
    ),
  }
}

/** All pages of a question for lines. */
export async function pagesOf(search: LogSearch, query: string, limit: number): Promise<string[]> {
  const texts: string[] = []
  let cursor: string | undefined
  do {
    const page = await search.query(query, { limit, cursor })
    if (page.kind !== 'lines') throw new Error('expected lines')
    for (const { text } of page.lines) texts.push(text)
    cursor = page.cursor
  } while (cursor !== undefined)
  return texts
}
