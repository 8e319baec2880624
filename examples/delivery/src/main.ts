import { mkdirSync } from 'node:fs'
import { startService } from './service.ts'

const folder = process.env.APP_FOLDER ?? './data'
mkdirSync(folder, { recursive: true })
const service = await startService({
  port: Number(process.env.APP_PORT ?? 0),
  folder,
  vans: Number(process.env.APP_VANS ?? 4),
})
console.log(`listening on ${service.url}`)
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    void service.close().then(() => process.exit(0))
  })
