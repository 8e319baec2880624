import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** A log server with the `_bulk` of Elasticsearch that is down half of the time. */
export interface LogServer {
  readonly url: string
  /** Ids of the lines it keeps. */
  readonly ids: ReadonlySet<string>
  readonly refused: () => number
  close(): Promise<void>
}

const halfPeriod = 400

/** Starts it: up and down in turns of 400 ms. */
export async function startLogServer(): Promise<LogServer> {
  const ids = new Set<string>()
  const startedAt = Date.now()
  let refused = 0
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (Math.floor((Date.now() - startedAt) / halfPeriod) % 2 === 1) {
        refused++
        response.writeHead(503).end()
        return
      }
      const raw = Buffer.concat(parts)
      const lines = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString().split('\n')
      const items: object[] = []
      for (let at = 0; at + 1 < lines.length; at += 2) {
        const { create } = JSON.parse(lines[at]!) as { create: { _id: string } }
        items.push({ create: { status: ids.has(create._id) ? 409 : 201 } })
        ids.add(create._id)
      }
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ errors: true, items }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    ids,
    refused: () => refused,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
