import { useEffect, useState } from 'react';
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
