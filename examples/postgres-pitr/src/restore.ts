// npm run restore -- <into> [time]: the cluster as it was, ready to boot, beside a service that runs or on an empty machine.
import { ExprsnError } from '@exprsn/core'
import { pino } from 'pino'
import { createBackups } from './backups.ts'
import { readConfig } from './config.ts'

const logger = pino()
const [into = './restored', time] = process.argv.slice(2)
try {
  await using backups = createBackups(readConfig(process.env), { logger })
  const until = time === undefined ? 'latest' : { time }
  const { cluster } = await backups.restore('db', { into, until })
  logger.info({ dataFolder: cluster?.dataFolder, bytes: cluster?.bytes }, 'restored; boot it to replay the log')
} catch (error) {
  if (!ExprsnError.is(error)) throw error
  logger.fatal({ code: error.code, help: error.help }, error.message)
  process.exitCode = 1
}
