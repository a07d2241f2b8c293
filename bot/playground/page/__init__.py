"""The playground's page: the pretend workspace in a browser, and what is behind the curtain.

``site`` serves it and guards the door, ``picture`` says what one person sees, ``stream`` keeps a
browser up to date, ``deeds`` does what people do, ``curtain`` breaks and mends things, ``tape``
keeps what went over the wires and ``scenes`` leads through the five stories of ``scene_book``.
"""
