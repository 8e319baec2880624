import { createRouter, openapi, type OpenApiDocument } from '@exprsn/core/http'
import type { FeedGenerator, ServedRepos } from '../federation/index.ts'
import { feedRouter } from './feed-router.ts'
import { identityRouter } from './identity-router.ts'
import { repoRouter } from './repo-router.ts'
import { settingsRouter } from './settings-router.ts'

/** The description of everything that this package serves; `openapi.json` beside this file is made from it. */
export async function describeOpenApi(): Promise<OpenApiDocument> {
  const router = createRouter()
    .mount('', identityRouter({}))
    .mount('', feedRouter({ generator: {} as FeedGenerator }))
    .mount('', repoRouter({ repos: {} as ServedRepos }))
    .mount('/crossposting', settingsRouter({ accounts: () => [], auth: false }))
  return openapi(router, { title: '@exprsn/atproto', version: '1.0.0' })
}
