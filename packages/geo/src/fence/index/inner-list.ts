/** The owners of outlines that contain a cell, but not its parent; those that contain the parent as well are in its list. */
export class InnerList {
  readonly parent: InnerList | undefined
  readonly owners: readonly number[]
  readonly size: number
  /** Among the chained lists, 0 when it is not one of them. */
  place = 0

  constructor(parent: InnerList | undefined, owners: readonly number[]) {
    this.parent = parent
    this.owners = owners
    this.size = (parent?.size ?? 0) + owners.length
  }
}
