import { useEffect, useRef, useState } from 'react';
import { DAY_MS, SEOUL_MS, seoulDay } from './days.ts';

/** Seoul's date; a page that stays open over midnight goes on with the next one. */
export function useSeoulDay(): string {
  const [day, setDay] = useState(() => seoulDay());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      setDay(seoulDay());
      timer = setTimeout(look, DAY_MS - ((Date.now() + SEOUL_MS) % DAY_MS));
    };
    look();
    // A machine that slept has missed its timer.
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return day;
}

/** Acts when Seoul's date has changed while the page stood open: what was "tomorrow" is not any more. */
export function useOnNewDay(act: () => void): void {
  const day = useSeoulDay();
  const seen = useRef(day);
  useEffect(() => {
    if (seen.current === day) return;
    seen.current = day;
    act();
  }, [day, act]);
}
