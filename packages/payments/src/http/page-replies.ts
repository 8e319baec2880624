import { replyContent } from '@exprsn/core/http'

/** A page may style itself, and do nothing else. */
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

/** A picture. */
export function replyPicture(picture: string) {
  return replyContent(picture, { type: 'image/svg+xml; charset=utf-8' })
}

/** A page without scripts. */
export function replyPage(page: string) {
  return replyContent(page, { type: 'text/html; charset=utf-8', headers: { 'content-security-policy': pagePolicy } })
}
