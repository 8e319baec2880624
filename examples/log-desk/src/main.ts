import { startDesk } from './desk.ts'

const {
  DESK_PORT: port = '0',
  DESK_FOLDER: folder = './data',
  DESK_KEY: key,
  DESK_KEEP_DAYS: days = '30',
} = process.env
const desk = await startDesk({ port: Number(port), folder, key, keepDays: Number(days) })
console.log(`listening on ${desk.url}`)
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    void desk.close().then(() => process.exit(0))
  })
