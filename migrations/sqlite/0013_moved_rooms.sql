-- Chats that have another address now, as their platform says; the settings may still name the old one.

CREATE TABLE moved_rooms (
    platform TEXT NOT NULL,
    room TEXT NOT NULL,
    moved_to TEXT NOT NULL,
    PRIMARY KEY (platform, room)
) STRICT;
