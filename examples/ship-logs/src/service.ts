import { createLogger, createShipper, type Shipper, type Sink } from '@exprsn/logs'
import fastify, { type FastifyBaseLogger } from 'fastify'

/** A running service. */
export interface Service {
  readonly url: string
  readonly shipper: Shipper
  /** Serves what is under way, ships what it can, and leaves the rest to the next start. */
  close(): Promise<void>
}

/** Starts the service. */
export async function startService(options: {
  readonly port: number
  readonly folder: string
  readonly sinks: readonly Sink[]
}): Promise<Service> {
  const shipper = createShipper({ sinks: options.sinks, spool: `${options.folder}/spool`, durability: 'line' })
  // Lines that an earlier process left behind are on their way before the first request.
  await shipper.start()
  const logger = createLogger({ shipper, name: 'shop' })
  const app = fastify({ loggerInstance: logger as unknown as FastifyBaseLogger })

  app.get<{ Params: { id: string } }>('/orders/:id', async (request) => {
    request.log.info({ order: request.params.id, customer: { email: 'ann@example.com' } }, 'order shown')
    return { id: request.params.id, state: 'paid' }
  })
  app.get('/healthz', async () => ({ status: 'pass' }))
  app.get('/logs', async () => shipper.status())

  const url = await app.listen({ port: options.port, host: '127.0.0.1' })
  return {
    url,
    shipper,
    async close() {
      await app.close()
      await shipper.close({ deadline: '5s' })
    },
  }
}
