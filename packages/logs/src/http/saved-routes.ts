import { reply, type Router } from '@exprsn/core/http'
import type { LogStore, SavedItem } from '../store/index.ts'
import { isObject, parseJson, readBytes } from './read-lines.ts'

const tags = ['logs']
const headers = { 'cache-control': 'no-store' }

/** A dashboard of 100 panels fits. */
const largest = 1_048_576

interface ItemParams {
  readonly kind: SavedItem['kind']
  readonly name: string
}

/** Adds the routes of saved searches and dashboards. */
export function savedRoutes(router: Router, { saved }: LogStore): void {
  router.route({
    method: 'GET',
    path: '/saved',
    summary: 'Saved searches and dashboards',
    tags,
    handler: async () => reply({ items: await saved.list() }, { headers }),
  })
  router.route({
    method: 'PUT',
    path: '/saved/:kind/:name',
    summary: 'Keeps a search (`query`) or a dashboard (`panels`)',
    tags,
    async handler({ request, params }) {
      const { kind, name } = params as ItemParams
      const body = parseJson(await readBytes(request, largest))
      await saved.put({ ...(isObject(body) ? body : {}), kind, name } as SavedItem)
      return reply({ kind, name })
    },
  })
  router.route({
    method: 'DELETE',
    path: '/saved/:kind/:name',
    summary: 'Removes a search or a dashboard',
    tags,
    async handler({ params }) {
      const { kind, name } = params as ItemParams
      await saved.remove(kind, name)
    },
  })
}
