// npm run restore -- <database|uploads> <into> [snapshot]: brings a source back, beside a service that runs or without one.
import { ExprsnError } from '@exprsn/core'
import { pino } from 'pino'
import { createBackups, type SourceName } from './backups.ts'
import { readConfig } from './config.ts'

const logger = pino()
const [source, into, from = 'latest'] = process.argv.slice(2)
try {
  await using backups = createBackups(readConfig(process.env), { logger })
  const { files, bytes, problems } = await backups.restore(source as SourceName, { from, into })
  logger.info({ files, bytes, problems }, 'restored')
} catch (error) {
  if (!ExprsnError.is(error)) throw error
  logger.fatal({ code: error.code, help: error.help }, error.message)
  process.exitCode = 1
}
