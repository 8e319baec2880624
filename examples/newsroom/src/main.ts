import { ExprsnError } from '@exprsn/core'
import { pino } from 'pino'
import { readConfig } from './config.ts'
import { createService } from './service.ts'

const logger = pino()
try {
  const service = await createService(readConfig(process.env), logger)
  await service.lifecycle.start()
  logger.info(service.urls(), 'listening')
} catch (error) {
  if (!ExprsnError.is(error)) throw error
  logger.fatal({ code: error.code, help: error.help }, error.message)
  process.exitCode = 1
}
