import { equalSecrets } from '@exprsn/core/bytes'
import type { Logger } from '@exprsn/core'
import type { Database } from '@exprsn/core/database'
import { createRouter, reply, type Authenticator, type Router } from '@exprsn/core/http'
import { settingsRouter } from '@exprsn/atproto/http'
import { readBudgets } from '@exprsn/atproto/publish'
import type { TwoWay } from '@exprsn/atproto/two-way'
import { z } from 'zod'
import { articles, deleteArticle, listArticles, saveArticle, type Article } from './articles.ts'

const content = z.object({
  headline: z.string().min(1).max(200),
  body: z.string().max(20_000).default(''),
  published: z.boolean().default(true),
})

/** What the newsroom serves: articles to all, the rest to editors. */
export function createApp(options: {
  readonly database: Database
  readonly twoWay: TwoWay<{ readonly articles: Article }>
  readonly did: string
  readonly editorKey: string
  readonly logger?: Logger | undefined
}): Router {
  const { database, twoWay, did, editorKey, logger } = options
  const editors = keyAuth(editorKey)
  const settings = settingsRouter({
    auth: editors,
    logger,
    accounts: () => [
      {
        did,
        name: 'Newsroom',
        mappings: { articles: articles.mapping },
        publisher: twoWay.publisher,
        sync: twoWay.sync,
        conflicts: twoWay,
        budgets: () => readBudgets({ database, did }),
      },
    ],
  })
  return createRouter({ logger })
    .route({ method: 'GET', path: '/articles', handler: async () => ({ articles: await listArticles(database) }) })
    .route({
      method: 'PUT',
      path: '/articles/:id',
      params: z.object({ id: z.string().regex(/^[\w-]{1,80}$/) }),
      body: content,
      auth: editors,
      handler: async ({ params, body }) => {
        const article: Article = { id: params.id, ...body }
        // Article and wish stand or fall together.
        const result = await database.transaction(async (tx) => {
          await saveArticle(tx, article)
          return twoWay.put('articles', article, { tx })
        })
        return reply({ id: params.id, result }, { status: 202 })
      },
    })
    .route({
      method: 'DELETE',
      path: '/articles/:id',
      auth: editors,
      handler: async ({ params }) => {
        const result = await database.transaction(async (tx) => {
          await deleteArticle(tx, params.id)
          return twoWay.remove('articles', params.id, { tx })
        })
        return reply({ id: params.id, result }, { status: 202 })
      },
    })
    .mount('/crossposting', settings)
}

/** One key for all editors; a newsroom with more of them takes `createApiKeys` or `createJwtVerifier`. */
function keyAuth(key: string): Authenticator {
  return {
    name: 'editorKey',
    scheme: { type: 'apiKey', in: 'header', name: 'x-editor-key' },
    authenticate({ headers }) {
      const given = headers.get('x-editor-key')
      if (given === null || !equalSecrets(given, key)) return undefined
      return { subject: 'editor', kind: 'api-key', via: 'header', roles: [], scopes: [], claims: {} }
    },
  }
}
