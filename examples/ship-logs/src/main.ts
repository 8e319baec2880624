import { startService } from './service.ts'
import { sinksFrom } from './sinks.ts'

const folder = process.env.APP_FOLDER ?? './data'
const service = await startService({
  port: Number(process.env.APP_PORT ?? 0),
  folder,
  sinks: sinksFrom(process.env, folder),
})
console.log(`listening on ${service.url}`)
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    void service.close().then(() => process.exit(0))
  })
