/** Result types are carried by the tables of calls, not parsed: they come from the privileged side. */
export const returns = <Output>() => ({ output: undefined as unknown as Output });
