import { readFileSync } from 'node:fs'
import { createRouter, type Router, type RouterOptions } from '@exprsn/core/http'

/** Only files of the page itself: nothing is loaded from elsewhere, and no script stands in the page. */
const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const files = [
  ['', 'desk.html', 'text/html; charset=utf-8'],
  ['/desk.js', 'desk.js', 'text/javascript; charset=utf-8'],
  ['/desk.css', 'desk.css', 'text/css; charset=utf-8'],
] as const

/** The page. */
export function pageRouter(options: Pick<RouterOptions, 'prefix' | 'auth'>): Router {
  const router = createRouter(options)
  for (const [path, name, type] of files) {
    const content = readFileSync(new URL(`page/${name}`, import.meta.url))
    router.route({
      method: 'GET',
      path,
      handler: () => new Response(content, { headers: { 'content-type': type, 'content-security-policy': policy } }),
    })
  }
  return router
}
