import { createServer, type RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createRouter, toNodeHandler } from '@exprsn/core/http'

const answer = { id: 42, state: 'done', attempts: 3, queue: 'invoices' }

/** The same JSON from the same path by each subject, which is named on the command line. */
const listeners: Readonly<Record<string, () => RequestListener>> = {
  ours() {
    const router = createRouter({ securityHeaders: false })
    router.route({ method: 'GET', path: '/jobs/42', handler: () => answer })
    return toNodeHandler(router.fetch)
  },
  '@hono/node-server'() {
    const headers = { 'content-type': 'application/json' }
    return getRequestListener((request) => {
      const { pathname } = new URL(request.url)
      if (request.method !== 'GET' || pathname !== '/jobs/42') return new Response(null, { status: 404 })
      return new Response(JSON.stringify(answer), { headers })
    }) as RequestListener
  },
  'node:http'() {
    return (request, response) => {
      if (request.method !== 'GET' || request.url !== '/jobs/42') return void response.writeHead(404).end()
      const content = JSON.stringify(answer)
      const length = Buffer.byteLength(content)
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': length }).end(content)
    }
  },
}

const server = createServer(listeners[process.argv[2] ?? '']!())
server.listen(0, '127.0.0.1', 1_024, () => {
  const { port } = server.address() as { port: number }
  process.send?.({ port })
})
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }))
process.on('disconnect', () => process.exit())
