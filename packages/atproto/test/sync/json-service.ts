import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { cidOf, encodeCbor, toDataJson, type DataObject } from '@exprsn/atproto/codec'
import { acceptWebSocket, type ServerSocket } from '@exprsn/atproto/http'

/** A server of WebSockets; what it says is up to `serve`. */
export interface JsonService extends AsyncDisposable {
  readonly url: string
  /** Requests so far, the last one behind. */
  readonly requests: readonly IncomingMessage[]
  readonly open: number
  drop(): void
}

export async function jsonService(
  serve: (socket: ServerSocket, request: IncomingMessage) => void,
  refuses: (request: IncomingMessage) => boolean = () => false,
): Promise<JsonService> {
  const sockets = new Set<ServerSocket>()
  const requests: IncomingMessage[] = []
  const server = createServer().listen(0, '127.0.0.1')
  server.on('upgrade', (request, socket) => {
    requests.push(request)
    if (refuses(request)) return void socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
    const accepted = acceptWebSocket(request, socket as Socket)
    if (accepted === undefined) return
    sockets.add(accepted)
    void accepted.closed.then(() => sockets.delete(accepted))
    serve(accepted, request)
  })
  await once(server, 'listening')
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get open() {
      return sockets.size
    },
    drop,
    async [Symbol.asyncDispose]() {
      drop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A record as JSON, with its CID. */
export function recordJson(value: DataObject): { readonly record: unknown; readonly cid: string } {
  return { record: toDataJson(value), cid: String(cidOf('dag-cbor', encodeCbor(value))) }
}
