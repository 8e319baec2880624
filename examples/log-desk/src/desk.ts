import { createRouter, toNodeHandler } from '@exprsn/core/http'
import { createLogger, createShipper } from '@exprsn/logs'
import { logRouter } from '@exprsn/logs/http'
import { createLogStore, type LogStore } from '@exprsn/logs/store'
import fastify, { type FastifyBaseLogger } from 'fastify'
import { basicAuth } from './basic-auth.ts'
import { pageRouter } from './page-router.ts'

/** A running service. */
export interface Desk {
  readonly url: string
  readonly store: LogStore
  /** Serves what is under way, and makes a segment of the last lines. */
  close(): Promise<void>
}

/** Starts the service: a shop that does little and logs it, and at `/desk` the page on which its lines are searched. */
export async function startDesk(options: {
  readonly port: number
  readonly folder: string
  /** The password of the desk; without one it is open, to this machine only. */
  readonly key?: string | undefined
  readonly keepDays: number
}): Promise<Desk> {
  const { port, folder, key, keepDays } = options
  const store = createLogStore({ path: `${folder}/logs`, retention: { age: `${keepDays}d` } })
  const shipper = createShipper({ sinks: [store.sink()], spool: `${folder}/spool` })
  await shipper.start()
  const logger = createLogger({ shipper, name: 'shop' })
  const app = fastify({ loggerInstance: logger as unknown as FastifyBaseLogger })

  app.get<{ Params: { id: string } }>('/orders/:id', async (request, reply) => {
    const took = 5 + ((request.params.id.length * 37) % 90)
    if (/^\d+$/.test(request.params.id)) {
      request.log.info({ service: 'shop', order: request.params.id, took }, 'order shown')
      return { id: request.params.id, state: 'paid' }
    }
    request.log.warn({ service: 'shop', order: request.params.id, took }, 'order not found')
    return reply.code(404).send({ problem: 'not found' })
  })

  // The desk and the store are routers of Request → Response: any server can carry them.
  const auth = key === undefined ? [] : basicAuth(key)
  const desk = createRouter()
    .mount('', pageRouter({ prefix: '/desk', auth }))
    .mount('', logRouter(store, { prefix: '/desk/api', auth }))
  const answer = toNodeHandler(desk.fetch)
  // Bodies are read by the desk itself.
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const url of ['/desk', '/desk/*'])
      scope.all(url, (request, reply) => {
        reply.hijack()
        answer(request.raw, reply.raw)
      })
  })

  const url = await app.listen({ port, host: '127.0.0.1' })
  return {
    url,
    store,
    async close() {
      // Those who follow have to be sent away first: their answers never end.
      app.server.closeAllConnections()
      await app.close()
      await shipper.close({ deadline: '5s' })
      await store.close()
    },
  }
}
