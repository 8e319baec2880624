import { createRouter, reply, replyContent, type Router } from '@exprsn/core/http'
import type { Logger } from '@exprsn/core'
import { createWebhookHandler } from '@exprsn/payments'
import { z } from 'zod'
import { page, pageScript, pagePolicy } from './page.ts'
import type { Shop } from './shop.ts'
import type { Till } from './till.ts'

const newOrder = z.object({ item: z.string().min(1).max(50) })
const newPayment = z.object({ token: z.string().min(1).max(255) })

/** The page, the checkout and the webhooks. */
export function createApp({ shop, till, logger }: { shop: Shop; till: Till; logger?: Logger }): Router {
  const webhooks = createWebhookHandler(shop.payments)
  const missing = () => reply({ message: 'There is no such order.' }, { status: 404 })
  return createRouter({ csrf: 'always', logger })
    .route({
      method: 'GET',
      path: '/',
      handler: () =>
        replyContent(page(till.publishableKey), {
          type: 'text/html; charset=utf-8',
          headers: { 'content-security-policy': pagePolicy },
        }),
    })
    .route({
      method: 'GET',
      path: '/checkout.js',
      handler: () => replyContent(pageScript, { type: 'text/javascript; charset=utf-8' }),
    })
    .route({
      method: 'POST',
      path: '/orders',
      body: newOrder,
      handler: async ({ body }) => {
        const id = await shop.order(body.item)
        return id === undefined
          ? reply({ message: 'There is no such item.' }, { status: 404 })
          : reply({ id }, { status: 201 })
      },
    })
    .route({
      method: 'POST',
      path: '/orders/:id/pay',
      body: newPayment,
      handler: async ({ params, body }) => {
        const outcome = await shop.pay(params.id, body.token)
        if (outcome === undefined) return missing()
        const { status } = outcome
        if (status === 'declined') return { status, reason: outcome.reason }
        return status === 'requires_action' ? { status, nextAction: outcome.nextAction } : { status }
      },
    })
    .route({
      method: 'GET',
      path: '/orders/:id',
      handler: async ({ params }) => (await shop.view(params.id)) ?? missing(),
    })
    .route({ method: 'POST', path: '/webhooks/stripe', csrf: false, handler: ({ request }) => webhooks(request) })
}
