import { Worker } from 'node:worker_threads'

/** A server in a thread of its own, that takes everything and says nothing. */
export interface SeparateServer {
  readonly url: string
  close(): Promise<void>
}

const source = `
  const { createServer } = require('node:http')
  const { parentPort } = require('node:worker_threads')
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(204).end())
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`

export async function separateServer(): Promise<SeparateServer> {
  const worker = new Worker(source, { eval: true })
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      await worker.terminate()
    },
  }
}
