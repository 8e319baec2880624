/** One thing that a vehicle does. */
export interface Activity {
  readonly type: 'start' | 'task' | 'break' | 'rest' | 'reload' | 'end'
  /** Of the task; for a break its place in the vehicle's list, −1 where hours of service ask for it. */
  readonly index: number
  /** −1: on the way. */
  readonly place: number
  readonly arrival: number
  readonly begin: number
  readonly end: number
}
