/** A value of an application's own type (MessagePack specification, "Extension types"). */
export class MsgpackExtension {
  /** -128 to 127; those below 0 belong to the specification. */
  readonly type: number
  readonly data: Uint8Array

  constructor(type: number, data: Uint8Array) {
    this.type = type
    this.data = data
  }
}
