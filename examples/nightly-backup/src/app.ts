import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBackupStatusHandler, type Backup } from '@exprsn/backup'
import { ExprsnError } from '@exprsn/core'
import { equalSecrets } from '@exprsn/core/bytes'
import type { Database } from '@exprsn/core/database'
import { createMetricsHandler, type Metrics } from '@exprsn/core/metrics'
import { Hono } from 'hono'
import type { SourceName } from './backups.ts'

/** What the HTTP surface works on. */
export interface AppParts {
  readonly database: Database
  readonly uploads: string
  readonly backups: Backup<SourceName>
  readonly metrics: Metrics
  readonly token: string
}

/** Notes, uploads, and the state of the backups. */
export function createApp({ database, uploads, backups, metrics, token }: AppParts): Hono {
  const app = new Hono()
  app.post('/notes', async (context) => {
    const text = await context.req.text()
    await database.query('insert into notes (text) values ($1)', [text])
    return context.body(null, 201)
  })
  app.get('/notes', async (context) =>
    context.json((await database.query<{ text: string }>('select text from notes order by id')).rows),
  )
  app.put('/uploads/:name{[a-z0-9-]+}', async (context) => {
    const path = `${uploads}/${context.req.param('name')}`
    // Half an upload is left out of backups, and never takes the place of a whole one.
    await pipeline(Readable.fromWeb(context.req.raw.body as never), createWriteStream(`${path}.part`))
    await rename(`${path}.part`, path)
    return context.body(null, 204)
  })

  const isOperator = (request: Request): boolean =>
    equalSecrets(request.headers.get('authorization') ?? '', `Bearer ${token}`)
  const status = createBackupStatusHandler(backups, { authorize: isOperator })
  app.get('/backups/status', (context) => status(context.req.raw))
  app.use('/backups/*', async (context, next) => (isOperator(context.req.raw) ? next() : context.body(null, 403)))
  app.get('/backups', async (context) => {
    const all = await backups.list()
    return context.json(all.map(({ id, source, time, summary }) => ({ id, source, time, files: summary?.files })))
  })
  app.post('/backups/:source{database|uploads}', async (context) => {
    const { id, added } = await backups.run(context.req.param('source') as SourceName)
    return context.json({ id, added }, 201)
  })
  const scrape = createMetricsHandler(metrics)
  app.get('/metrics', (context) => scrape(context.req.raw))

  app.onError((error, context) => {
    const known = ExprsnError.is(error) ? { code: error.code, message: error.message } : { message: 'Internal error' }
    return context.json(known, 500)
  })
  return app
}
