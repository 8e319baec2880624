/** What a call of PayPal's server SDK gives. */
export interface PaypalAnswer {
  readonly statusCode: number
  /** The body as text, or as the SDK read it. */
  readonly body: unknown
}

/** The part of the SDK's `Client` that the driver uses beyond handing it to the SDK's controllers. */
export interface PaypalClientLike {
  readonly clientCredentialsAuthManager: {
    fetchToken(): Promise<{ readonly accessToken: string; readonly expiresIn?: bigint | undefined }>
  }
  /** A copy with other settings. */
  withConfiguration(configuration: never): unknown
}

type Call = (input: never) => Promise<PaypalAnswer>

/** The part of the package `@paypal/paypal-server-sdk` that the driver uses. */
export interface PaypalSdk {
  readonly Client: new (configuration: never) => PaypalClientLike
  readonly OrdersController: new (client: never) => {
    readonly createOrder: Call
    readonly getOrder: Call
    readonly captureOrder: Call
    readonly authorizeOrder: Call
  }
  readonly PaymentsController: new (client: never) => {
    readonly captureAuthorizedPayment: Call
    readonly voidPayment: Call
    readonly getCapturedPayment: Call
    readonly refundCapturedPayment: Call
    readonly getRefund: Call
  }
}
