import type { EventSubject } from '../../gateway/gateway-event.ts'
import type { GatewaySnapshot } from '../../gateway/snapshot.ts'
import type { PaypalApi } from './paypal-api.ts'
import {
  captureFromPaypal,
  disputeFromPaypal,
  paymentFromOrder,
  payoutFromPaypal,
  refundFromPaypal,
} from './paypal-snapshot.ts'
import type { PaypalCapture, PaypalDispute, PaypalOrder, PaypalPayoutBatch, PaypalRefund } from './paypal-types.ts'

/** How something stands at PayPal. Disputes and payouts the SDK does not have. */
export async function fetchSubject(
  api: PaypalApi,
  kind: Exclude<EventSubject['kind'], 'method'>,
  reference: string,
): Promise<GatewaySnapshot> {
  const id = encodeURIComponent(reference)
  switch (kind) {
    case 'payment':
      return paymentFromOrder(await api.read<PaypalOrder>((sdk) => sdk.orders.getOrder({ id: reference } as never)))
    case 'capture': {
      const capture = await api.read<PaypalCapture>((sdk) =>
        sdk.payments.getCapturedPayment({ captureId: reference } as never),
      )
      return captureFromPaypal(capture, capture.supplementary_data?.related_ids?.order_id ?? '')
    }
    case 'refund':
      return refundFromPaypal(
        await api.read<PaypalRefund>((sdk) => sdk.payments.getRefund({ refundId: reference } as never)),
      )
    case 'dispute':
      return disputeFromPaypal(await api.request<PaypalDispute>('GET', `/v1/customer/disputes/${id}`))
    case 'payout':
      return payoutFromPaypal(await api.request<PaypalPayoutBatch>('GET', `/v1/payments/payouts/${id}`))
  }
}
