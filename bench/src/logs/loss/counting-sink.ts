import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** A service that counts the distinct numbers in `"seq":…` of what it is sent, and can be down. */
export interface CountingSink {
  readonly url: string
  readonly seen: ReadonlySet<number>
  isDown: boolean
  close(): Promise<void>
}

/** Answers `_bulk`, Loki's push, OTLP and anything else as its clients expect. */
export async function countingSink(): Promise<CountingSink> {
  const seen = new Set<number>()
  const state = { isDown: false }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      response.setHeader('x-elastic-product', 'Elasticsearch')
      if (state.isDown) return void response.writeHead(503).end()
      const raw = Buffer.concat(parts)
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('latin1')
      let count = 0
      for (const [, digits] of text.matchAll(/\\?"?seq\\?"(?:,"value":\{"(?:intValue|doubleValue)")?:"?(\d+)/g)) {
        seen.add(Number(digits))
        count++
      }
      response.setHeader('content-type', 'application/json')
      if (request.url?.includes('_bulk')) {
        const items = Array.from({ length: count }, () => ({ create: { status: 201 }, index: { status: 201 } }))
        response.end(JSON.stringify({ took: 1, errors: false, items: items.map(({ create }) => ({ create })) }))
      } else response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    get isDown() {
      return state.isDown
    },
    set isDown(value) {
      state.isDown = value
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
