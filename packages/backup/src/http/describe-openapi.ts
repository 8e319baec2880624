import { createRouter, openapi, type OpenApiDocument } from '@exprsn/core/http'
import { memoryStore } from '@exprsn/core/storage'
import { archiveRouter } from '../archive/archive-router.ts'
import type { Backup } from '../engine/index.ts'
import { backupStatusRouter } from './status-router.ts'

/** The description of everything that this package serves; `openapi.json` beside this file is made from it. */
export async function describeOpenApi(): Promise<OpenApiDocument> {
  // Nothing is asked of it.
  const backup = {} as Backup
  const router = createRouter()
    .mount('', backupStatusRouter({ backup }))
    .mount('', archiveRouter({ store: memoryStore(), token: 'a token of some length' }))
  return openapi(router, { title: '@exprsn/backup', version: '1.0.0' })
}
